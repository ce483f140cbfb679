// How much there may be: all variables a workflow reads are recorded with each of its executions.

/** One value as JSON, bytes. */
export const VALUE_BYTES_MAX = 64 * 1024;
/** All values of an environment, bytes. */
export const TOTAL_BYTES_MAX = 256 * 1024;
export const VARIABLES_MAX = 500;
