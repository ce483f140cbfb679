// The world outside, which survives every kill: counts each effect by what it is about, and answers the same question
// always the same. Nothing here is durable for the server, so whatever the server does twice is seen here.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type EffectCall = { key: string | null; atMs: number };

export type Recorder = {
  url: string;
  /** Calls by path, such as /charge/17. */
  calls: Map<string, EffectCall[]>;
  close(): Promise<void>;
};

/** `POST /<what>/<id>` with `{value}` answers `{id, value: value + 1}` after a moment. */
export async function startRecorder(answerMs: number): Promise<Recorder> {
  const calls = new Map<string, EffectCall[]>();
  const server = createServer(async (request, response) => {
    const path = request.url ?? "/";
    const key = request.headers["idempotency-key"];
    const seen = calls.get(path) ?? [];
    seen.push({ key: typeof key === "string" ? key : null, atMs: Date.now() });
    calls.set(path, seen);
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { value } = JSON.parse(Buffer.concat(chunks).toString("utf8") || "{}") as { value?: number };
    setTimeout(() => {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ id: path.split("/").at(-1), value: (value ?? 0) + 1 }));
    }, answerMs);
  });
  // A caller that is killed in the middle of its request is nothing to stumble over.
  server.on("clientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
