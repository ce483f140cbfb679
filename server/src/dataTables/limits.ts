// How large data tables get. They are for lists that people look at; what outgrows them belongs in a database of its own.
export const TABLES_MAX = 200;
export const ROWS_MAX = 100_000;
/** Rows that one write of a workflow takes. */
export const WRITE_ROWS_MAX = 10_000;
export const IMPORT_BYTES_MAX = 32 * 1024 * 1024;
