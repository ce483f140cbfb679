DROP TABLE stat_minutes, stat_deltas;
