DROP TABLE data_table_writes, data_table_keys, data_table_rows, data_tables;
