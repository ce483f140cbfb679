// The one way to describe a node type: what the kernel needs, what people read, and what runs.
// `checkConfig` comes from the schema; what a module gives as `checkConfig` is asked only when the schema is content.
import {
  type Attached,
  type ConfigProblem,
  type Failure,
  type FileRef,
  type Item,
  type Json,
  type JsonObject,
  NodeError,
  type NodeType,
  type Outputs,
} from "@auraos/kernel";
import { checkConfig } from "./checkConfig.ts";
import type { Credential, CredentialUse } from "./credentials/defineCredential.ts";
import type { NodeErrors } from "./errors/nodeErrors.ts";
import type { z } from "./schema.ts";

export type NodeModule = NodeType & {
  /** Name in the palette. */
  name: string;
  /** One or two sentences in the palette and the docs. */
  description: string;
  /** Name of a Lucide icon. */
  icon: string;
  /** Config as people fill it in; the form and the check come from it. Text with `{{` may stand for any type. */
  schema: z.ZodType;
  example?: JsonObject;
  /** What it can fail with, beside what holds for every node; the reference shows it, and its tests may throw nothing else. */
  errors?: NodeErrors;
  /** Kinds of connections that fit the field `credential`, which must stand in `rawFields`. */
  credentials?: readonly string[];
  /** Keeps a processor busy: runs in a worker process where there is one, never beside the engine. */
  computes?: boolean;
  /** Activities only: does the work. Throws ActivityError. */
  run?: (call: ActivityCall, context: ActivityContext) => Promise<Outputs>;
  /** Triggers that listen outside: takes in what comes until the signal is aborted. Throws when it loses its connection. */
  listen?: (config: JsonObject, context: ListenContext) => Promise<void>;
  /** `once` activities: asks the world whether an attempt with unknown outcome happened. */
  confirm?: (call: ActivityCall, context: ActivityContext) => Promise<Confirmation>;
};

export type Confirmation =
  | { outcome: "done"; outputs: Outputs }
  | { outcome: "notDone" }
  | { outcome: "unknown" };

/** What a listening trigger may use. The server begins it again, with growing pauses, whenever it throws. */
export type ListenContext = Pick<
  ActivityContext,
  "signal" | "http" | "addressOf" | "files" | "credential"
> & {
  /** What the last `take` said; undefined at the very first time. */
  cursor: Json | undefined;
  /** Durable when it resolves: only then may the source be told. A message whose id is known is taken once. */
  take(messages: readonly TakenMessage[], cursor?: Json): Promise<void>;
  /** It listens: nothing that comes from now on is missed. */
  listening(): Promise<void>;
  nowMs(): number;
  /** False when it was aborted meanwhile. */
  pause(ms: number): Promise<boolean>;
};

/** `data` is what the workflow gets. */
export type TakenMessage = { id: string; data: JsonObject };

export type ActivityCall = {
  /** Config with its templates evaluated (for the item, or for the first item of a list). */
  config: JsonObject;
  /** `per: item`: the one item. `per: list`: all items of `main`. */
  items: readonly Item[];
  inputs: Record<string, readonly Item[]>;
  /** Place of the item in the node's input; 0 for lists. */
  index: number;
  attempt: number;
  /** The same for every attempt of the same effect; send it to services that know idempotency keys. */
  idempotencyKey: string;
  nowMs: number;
  seed: string;
  zone: string;
  /** Sub-nodes, their configs evaluated like the node's own. */
  attached?: Attached;
  /** What earlier attempts have recorded. */
  steps?: readonly Json[];
};

export type ActivityContext = {
  /** Aborted on timeout, cancel and shutdown. */
  signal: AbortSignal;
  /** All outbound HTTP passes here: private addresses refused unless allowed, bounded in size and time. */
  http: HttpClient;
  /**
   * For services that do not speak HTTP: an address of the host that this workflow may reach, under the same rules.
   * Connect to the address, never to the name; the name is for the certificate.
   */
  addressOf(host: string, port: number): Promise<string>;
  /**
   * The connection that the field `credential` of this node names, opened. `use`: where it is taken to; without it only
   * kinds that are bound to a host among their values are given. What it holds is replaced in outputs and errors.
   */
  credential(use?: CredentialUse): Promise<Credential>;
  blobs: BlobStore;
  /** What file nodes see; paths are relative and never leave it. */
  files: FileArea;
  /** Data tables of the organization. */
  tables: DataTables;
  code: CodeRunner;
  /** Folder on the disk for what does not fit into memory; whoever puts something there takes it away. */
  scratch: string;
  /**
   * Records what came of a step of a long activity, durable when it resolves: after a crash, a retry or a decision of a
   * person it is in `call.steps`. `step` counts from 0. Throws when the activity is no longer wanted.
   */
  record(step: number, entry: Json): Promise<void>;
  /** Starts a published workflow of the organization, once per key, and waits for its end. */
  runWorkflow(
    workflow: string,
    input: Json,
    options: { key: string; waitMs: number },
  ): Promise<{ output: Json } | { failure: { code: string; message: string } }>;
  /** Tells the organization's event bus; durable when it resolves. An event with a known id is told once. */
  publish(event: JsonObject): Promise<{ id: string; position: number }>;
  log: (message: string, detail?: Json) => void;
};

export type HttpRequest = {
  method: string;
  url: string;
  headers?: Record<string, string>;
  /** Headers that never follow a redirect to another origin. */
  secretHeaders?: Record<string, string>;
  body?: string | Uint8Array;
  timeoutMs?: number;
  responseBytesMax?: number;
  redirectsMax?: number;
  /**
   * Says by status and headers whether the body is to come as a stream, for what is too large to hold. `timeoutMs` and
   * the signal hold until it is read.
   */
  streams?: (head: HttpHead) => boolean;
};
export type HttpHead = { status: number; headers: Record<string, string> };
/** `body` is empty where there is a `stream`. */
export type HttpResponse = HttpHead & { body: Uint8Array; url: string; stream?: HttpStream };
/** Throws what went wrong on the way. `ended`: the connection is free again; never rejects. */
export type HttpStream = AsyncIterable<Uint8Array> & { ended: Promise<void> };
export type HttpClient = { request(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> };

export type BlobStore = {
  put(
    bytes: Uint8Array | AsyncIterable<Uint8Array>,
    about: { name: string; mimeType: string },
  ): Promise<FileRef>;
  get(file: FileRef): Promise<Uint8Array>;
  /** All of it, or the bytes of `range`, the last one included. */
  stream(file: FileRef, range?: ByteRange): AsyncIterable<Uint8Array>;
};

export type ByteRange = { start: number; end: number };

export type FileArea = {
  read(path: string): Promise<Uint8Array>;
  /** Of any size; what is wrong with the path is thrown at the first step. */
  stream(path: string): AsyncIterable<Uint8Array>;
  write(
    path: string,
    bytes: Uint8Array | AsyncIterable<Uint8Array>,
    options: { append?: boolean },
  ): Promise<{ path: string; bytes: number }>;
  /** Files in a folder ("" is the area itself), by path; with those of its folders when `deep`. */
  list(folder: string, options: { deep?: boolean; filesMax: number }): Promise<AreaFile[]>;
  /** False when it was not there. */
  remove(path: string): Promise<boolean>;
  /**
   * Real path of a file, for what opens files by itself (a database). It need not be there; with `write` it is in the
   * part of the area that may be written, and its folder exists.
   */
  locate(path: string, options: { write: boolean }): Promise<string>;
};

export type AreaFile = { path: string; bytes: number; modifiedMs: number };

export type TableFilter = {
  where: readonly { column: string; operator: string; value?: Json }[];
  /** One comparison is enough; otherwise all must hold. */
  any: boolean;
};
export type TableChange =
  | { kind: "write"; rows: JsonObject[]; match?: string[] }
  | { kind: "update"; values: JsonObject; filter: TableFilter }
  | { kind: "delete"; filter: TableFilter };
/** `rows`: of a write of one row, as it is now. */
export type TableWritten = { inserted: number; updated: number; deleted: number; rows: JsonObject[] };

export type TableColumn = {
  name: string;
  type: "text" | "number" | "boolean" | "time" | "json";
  required?: boolean;
  unique?: boolean;
};

/** Tables by their names; throws ActivityError. */
export type DataTables = {
  find(
    table: string,
    query: TableFilter & { sort: readonly { column: string; descending: boolean }[]; limit: number },
  ): Promise<JsonObject[]>;
  count(table: string, filter: TableFilter): Promise<number>;
  /** Makes a table that is not there. */
  ensure(table: string, columns: readonly TableColumn[]): Promise<void>;
  /** All or nothing. Repeated with the same key it gives the first result and changes nothing. */
  write(table: string, change: TableChange, key: string): Promise<TableWritten>;
};

export type CodeRunner = {
  run(request: {
    code: string;
    language: "javascript" | "typescript";
    items: readonly Item[];
    nowMs: number;
    seed: string;
    signal: AbortSignal;
  }): Promise<{ result: Json | undefined; logs: string[] }>;
};

/**
 * What an activity throws; anything else counts as a bug of the node: class `unknown`, not retryable.
 * A NodeError too, so that helpers shared by pure nodes and activities throw one thing.
 */
export class ActivityError extends NodeError {
  constructor(failure: Failure) {
    super(failure);
    this.name = "ActivityError";
  }
}

export function defineNode(module: NodeModule): NodeModule {
  const more = module.checkConfig;
  return {
    ...module,
    checkConfig: (config, attached) => {
      const problems = [...checkConfig(module.schema, config), ...checkCredential(module, config)];
      return problems.length === 0 && more ? more(config, attached) : problems;
    },
  };
}

/** Text with braces may stand for any field but this one: what a workflow signs in with is known before it runs. */
function checkCredential({ credentials }: NodeModule, { credential }: JsonObject): ConfigProblem[] {
  if (!credentials || typeof credential !== "string" || !/[{}]/.test(credential)) return [];
  return [
    {
      field: "credential",
      code: "CREDENTIAL_TEMPLATE",
      message: "A connection is named, not computed.",
      remedy: "Choose one; for several, branch with an if or switch.",
    },
  ];
}
