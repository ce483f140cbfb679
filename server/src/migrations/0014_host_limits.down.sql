DROP TABLE host_limits;
