// Runs a node in a test: templates are plain values, or functions of the item where they depend on it.
import { tmpdir } from "node:os";
import type { Item, Json, JsonObject, Outputs } from "@auraos/kernel";
import {
  type ActivityCall,
  type ActivityContext,
  ActivityError,
  type HttpRequest,
  type HttpResponse,
  type NodeModule,
} from "./defineNode.ts";
import { errorsOf, isDeclared } from "./errors/nodeErrors.ts";

type Given = {
  config?: JsonObject | ((json: Json, index: number) => JsonObject);
  /** Data of the items, or items. Default: one empty item. */
  items?: readonly (Json | Item)[];
  inputs?: Record<string, readonly (Json | Item)[]>;
  /** Lazy fields. */
  at?: (field: string, index: number) => Json | undefined;
};

/** Evaluates a pure node; of a node per item the outputs of all items are put together. */
export function evaluateNode(module: NodeModule, given: Given): Outputs {
  if (!module.evaluate) throw new Error(`${module.type} is not pure`);
  const { evaluate } = module;
  return together(module, given, (call) => {
    try {
      return evaluate({ ...call, at: given.at ?? (() => undefined) });
    } catch (error) {
      throw declared(module, error);
    }
  });
}

/** Runs an activity; of a node per item the outputs of all items are put together. */
export async function runNode(
  module: NodeModule,
  given: Given,
  context: Partial<ActivityContext> = {},
  call: Partial<ActivityCall> = {},
): Promise<Outputs> {
  if (!module.run) throw new Error(`${module.type} is no activity`);
  const outputs: Outputs = {};
  for (const one of calls(module, given)) {
    try {
      append(outputs, await module.run({ ...one, ...call }, { ...testContext(), ...context }));
    } catch (error) {
      throw declared(module, error);
    }
  }
  return outputs;
}

/** A test in which a node fails with a code that it does not declare is a test that fails. */
function declared(module: NodeModule, error: unknown): unknown {
  if (!(error instanceof ActivityError)) return error;
  const { code, message } = error.failure;
  const errors = errorsOf(module);
  // `fetch` explains nothing; the client of the server does.
  const isOfFetch = "DNS_FAILED" in errors && /^(E[A-Z]+|UND_ERR_[A-Z_]+)$/.test(code);
  if (isOfFetch || isDeclared(errors, code)) return error;
  return new Error(`${module.type} fails with ${code}, which its "errors" do not declare: ${message}`);
}

/** Data of the items per port. */
export function jsonOf(outputs: Outputs): Record<string, Json[]> {
  return Object.fromEntries(
    Object.entries(outputs).map(([port, { items }]) => [port, items.map((item) => item.json)]),
  );
}

/** Fields of the first item at `main`. */
export function firstOf(outputs: Outputs): JsonObject {
  const [json] = jsonOf(outputs).main ?? [];
  if (typeof json !== "object" || json === null || Array.isArray(json))
    throw new Error("no item with fields");
  return json;
}

/** The failure that `work` throws, for a look at its code, field and message. */
export async function failureOf(work: () => unknown): Promise<ActivityError["failure"]> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ActivityError) return error.failure;
    throw error;
  }
  throw new Error("nothing was thrown");
}

type Call = Omit<ActivityCall, "attempt" | "idempotencyKey">;

function together(module: NodeModule, given: Given, evaluate: (call: Call) => Outputs): Outputs {
  const outputs: Outputs = {};
  for (const call of calls(module, given)) append(outputs, evaluate(call));
  return outputs;
}

function calls(module: NodeModule, given: Given): ActivityCall[] {
  const items = (given.items ?? [{}]).map(toItem);
  const others = Object.entries(given.inputs ?? {}).map(([name, list]) => [name, list.map(toItem)]);
  const inputs: Record<string, Item[]> = { main: items, ...Object.fromEntries(others) };
  const { config = {} } = given;
  const configAt = (index: number) =>
    typeof config === "function" ? config(items[index]?.json ?? null, index) : config;
  const common = { attempt: 1, idempotencyKey: "key-1", nowMs: 1_767_225_600_000, seed: "seed", zone: "UTC" };
  if (module.per === "list") return [{ config: configAt(0), items, inputs, index: 0, ...common }];
  return items.map((item, index) => ({ config: configAt(index), items: [item], inputs, index, ...common }));
}

function toItem(given: Json | Item): Item {
  const isItem = typeof given === "object" && given !== null && !Array.isArray(given) && "json" in given;
  return isItem ? (given as Item) : { json: given as Json };
}

function append(outputs: Outputs, more: Outputs): void {
  for (const [port, { items, lineage }] of Object.entries(more)) {
    const there = outputs[port];
    if (there) there.items.push(...items);
    else outputs[port] = lineage === undefined ? { items: [...items] } : { items: [...items], lineage };
  }
}

/** Files and blobs in memory, HTTP through `fetch` (tests start their own server), any address, no code runner, no data tables. */
export function testContext(
  files: Record<string, string> = {},
): ActivityContext & { files: { texts: Record<string, string> } } {
  const texts = { ...files };
  const blobs = new Map<string, Uint8Array>();
  const decode = (bytes: Uint8Array) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return {
    signal: new AbortController().signal,
    http: { request: fetchOnce },
    addressOf: async (host) => host,
    async credential() {
      throw new Error("no connection in this test");
    },
    blobs: {
      async put(given, about) {
        const bytes = await wholeOf(given);
        blobs.set(`blob-${blobs.size + 1}`, bytes);
        return { blob: `blob-${blobs.size}`, ...about, bytes: bytes.length };
      },
      async get(file) {
        return blobs.get(file.blob) ?? new Uint8Array();
      },
      async *stream(file, { start, end } = { start: 0, end: Number.POSITIVE_INFINITY }) {
        yield (blobs.get(file.blob) ?? new Uint8Array()).subarray(start, end + 1);
      },
    },
    files: {
      texts,
      async read(path) {
        const text = texts[path];
        if (text === undefined) throw Object.assign(new Error("no such file"), { code: "ENOENT" });
        return new TextEncoder().encode(text);
      },
      async *stream(path) {
        yield await this.read(path);
      },
      async write(path, given, { append }) {
        const bytes = await wholeOf(given);
        texts[path] = (append ? (texts[path] ?? "") : "") + decode(bytes);
        return { path, bytes: bytes.length };
      },
      async list(folder, { deep = false, filesMax }) {
        const start = folder === "" ? "" : `${folder}/`;
        const found = Object.keys(texts).filter(
          (path) => path.startsWith(start) && (deep || !path.slice(start.length).includes("/")),
        );
        return found
          .sort()
          .slice(0, filesMax)
          .map((path) => ({ path, bytes: Buffer.byteLength(texts[path] ?? ""), modifiedMs: 0 }));
      },
      async remove(path) {
        const isThere = path in texts;
        delete texts[path];
        return isThere;
      },
      async locate() {
        throw new Error("files of this test are in memory");
      },
    },
    tables: {
      find: noTables,
      count: noTables,
      ensure: noTables,
      write: noTables,
    },
    async record() {},
    async runWorkflow() {
      throw new Error("no workflows in this test");
    },
    code: {
      async run() {
        throw new Error("no code runner in this test");
      },
    },
    async publish() {
      throw new Error("no event bus in this test");
    },
    scratch: tmpdir(),
    log() {},
  };
}

async function wholeOf(given: Uint8Array | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  if (given instanceof Uint8Array) return given;
  const chunks: Uint8Array[] = [];
  for await (const chunk of given) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function noTables(): Promise<never> {
  throw new Error("no data tables in this test");
}

async function fetchOnce(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
  const { method, url, headers = {}, secretHeaders = {}, body } = request;
  const response = await fetch(url, {
    method,
    headers: { ...headers, ...secretHeaders },
    redirect: "manual",
    signal:
      request.timeoutMs === undefined
        ? signal
        : AbortSignal.any([signal, AbortSignal.timeout(request.timeoutMs)]),
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : new Uint8Array(body) }),
  });
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: new Uint8Array(await response.arrayBuffer()),
    url,
  };
}
