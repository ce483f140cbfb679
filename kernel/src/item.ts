// What travels on wires.
import type { Json } from "./json.ts";

export type Item = { json: Json; files?: Record<string, FileRef> };

/** A file in the blob store; the bytes never travel with the item. */
export type FileRef = { blob: string; name: string; mimeType: string; bytes: number };

/**
 * Which input items made each output item, kept apart from the data:
 * `same` = output i comes from input i; a list gives per output the input index, several, or null (unknown).
 */
export type Lineage = "same" | (number | number[] | null)[];

/** What a node gives at one port. */
export type PortOutput = { items: Item[]; lineage?: Lineage };

/** What a node gives, by port. A port that is absent or empty is dead. */
export type Outputs = Record<string, PortOutput>;
