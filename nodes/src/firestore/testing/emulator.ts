// The Firestore emulator (@firestore-emulator/server), for tests. It speaks gRPC only, so a gateway stands before it that
// turns the JSON of the REST interface into the messages of that protocol and back, as Google's own service does.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import { FirestoreServer } from "@firestore-emulator/server";

// What the emulator itself is made of.
const need = createRequire(createRequire(import.meta.url).resolve("@firestore-emulator/server"));
const grpc = need("@grpc/grpc-js");
const proto = need("@firestore-emulator/proto/dist/google/firestore/v1/firestore");

export type Emulator = {
  service: string;
  port: number;
  /** Address and token of each request, and its body. */
  seen: string[];
  bodies: JsonObject[];
  /** Status that every request is answered with; 0 = what the emulator says. */
  answer: number;
  close(): Promise<void>;
};

export async function startEmulator(): Promise<Emulator> {
  const emulator = new FirestoreServer();
  const gateway = createServer(async (request, response) => {
    let text = "";
    for await (const chunk of request) text += chunk;
    const url = decodeURIComponent(request.url ?? "");
    started.bodies.push(JSON.parse(text));
    started.seen.push(`${url} ${request.headers.authorization ?? ""}`);
    const [, place = "", method = ""] = /^\/v1\/(.+):(\w+)$/.exec(url) ?? [];
    if (started.answer !== 0)
      return void response.writeHead(started.answer).end('{"error":{"message":"no"}}');
    try {
      const reply = await carryOut(client, place, method, snake(JSON.parse(text)) as JsonObject);
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(reply));
    } catch (error) {
      response.writeHead(400).end(JSON.stringify({ error: { message: String(error) } }));
    }
  });
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  await emulator.start(port);
  const client = new proto.FirestoreClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
  const own = (gateway.address() as AddressInfo).port;
  const started: Emulator = {
    service: `http://127.0.0.1:${own}`,
    port: own,
    seen: [],
    bodies: [],
    answer: 0,
    async close() {
      client.close();
      gateway.closeAllConnections();
      gateway.close();
      await (emulator as unknown as { stop(): Promise<void> }).stop();
    },
  };
  return started;
}

async function carryOut(
  // biome-ignore lint/suspicious/noExplicitAny: made of the generated code of the emulator
  client: any,
  place: string,
  method: string,
  body: JsonObject,
): Promise<unknown> {
  const database = place.slice(0, place.indexOf("/documents"));
  if (method === "commit") {
    const request = proto.CommitRequest.fromObject({ database, ...body });
    return new Promise((resolve, reject) =>
      client.Commit(request, (error: Error | null, reply: { write_results: unknown[] }) =>
        error ? reject(error) : resolve({ writeResults: reply.write_results.length }),
      ),
    );
  }
  const stream =
    method === "batchGet"
      ? client.BatchGetDocuments(proto.BatchGetDocumentsRequest.fromObject({ database, ...body }))
      : client.RunQuery(proto.RunQueryRequest.fromObject({ parent: place, ...body }));
  const rows: unknown[] = [];
  for await (const row of stream) {
    if (row.has_document) rows.push({ document: documentJson(row.document) });
    else rows.push(row.has_found ? { found: documentJson(row.found) } : {});
  }
  return rows;
}

const enums: Record<string, number> = {
  ...{
    LESS_THAN: 1,
    LESS_THAN_OR_EQUAL: 2,
    GREATER_THAN: 3,
    GREATER_THAN_OR_EQUAL: 4,
    EQUAL: 5,
    NOT_EQUAL: 6,
  },
  ...{ ARRAY_CONTAINS: 7, IN: 8, AND: 1, ASCENDING: 1, DESCENDING: 2 },
};

/** JSON of the REST interface -> messages. Names within `fields` are the document's own. */
function snake(value: unknown, key = ""): unknown {
  if (Array.isArray(value)) return value.map((one) => snake(one));
  if (!isObject(value)) {
    if ((key === "op" || key === "direction") && typeof value === "string") return enums[value];
    if (key === "limit") return { value };
    if (key === "integerValue") return Number(value);
    if (key === "nullValue") return 0;
    if (key === "timestampValue") return { seconds: Math.floor(Date.parse(String(value)) / 1000), nanos: 0 };
    return value;
  }
  if (key === "fields") return mapped(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name.replace(/[A-Z]/g, (sign) => `_${sign.toLowerCase()}`),
      snake(one, name),
    ]),
  );
}
const mapped = (value: object) =>
  Object.fromEntries(Object.entries(value).map(([name, one]) => [name, snake(one)]));

/** Messages -> JSON. Which kind a value has is told by the message alone. */
// biome-ignore lint/suspicious/noExplicitAny: made of the generated code of the emulator
function documentJson({ name, fields }: any): JsonObject {
  const entries = [...fields.entries()].map(([field, value]) => [field, valueJson(value)]);
  return { name, fields: Object.fromEntries(entries) };
}

// biome-ignore lint/suspicious/noExplicitAny: made of the generated code of the emulator
function valueJson(value: any): JsonObject {
  const kind: string = value.value_type;
  const name = kind.replace(/_([a-z])/g, (_, sign: string) => sign.toUpperCase());
  const given = value[kind];
  if (kind === "map_value")
    return { mapValue: { fields: documentJson({ name: "", fields: given.fields }).fields as Json } };
  if (kind === "array_value") return { arrayValue: { values: given.values.map(valueJson) } };
  if (kind === "timestamp_value")
    return { timestampValue: new Date(Number(given.seconds) * 1000).toISOString() };
  if (kind === "integer_value") return { integerValue: String(given) };
  return { [name]: kind === "null_value" ? null : given };
}
