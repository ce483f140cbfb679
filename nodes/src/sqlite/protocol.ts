// What is said between this process and the one that runs SQLite.
import type { Json, JsonObject } from "@auraos/kernel";

export type Statement = {
  /** Real path of the database. */
  file: string;
  /** Make the file when it is not there. */
  create: boolean;
  sql: string;
  parameters: Json[];
  isReadOnly: boolean;
  /** How long to wait for others that write, in ms. */
  waitMs: number;
  rowsMax: number;
  cut: boolean;
};

export type Answer =
  | { kind: "rows"; rows: JsonObject[] }
  | { kind: "changed"; changes: number; lastId: number | string }
  | { kind: "tooMany" }
  | { kind: "tooLarge" }
  | { kind: "several" }
  | { kind: "missing" }
  /** `code`: primary result code of SQLite; 0 = it comes from the driver, such as a wrong parameter. */
  | { kind: "error"; code: number; message: string };
