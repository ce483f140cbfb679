// One keep-alive HTTP/1.1 connection to this machine, a request at a time. The load runs on the same few cores as what
// it measures, so it must cost next to nothing: no headers are parsed beyond status and length, no streams are made.
import { connect, type Socket } from "node:net";

export type Reply = { status: number; body: string };

export type Connection = {
  /** The whole request as text. */
  send(request: string): Promise<Reply>;
  close(): void;
};

type Pending = { resolve: (reply: Reply) => void; reject: (error: Error) => void };

export async function openConnection(port: number): Promise<Connection> {
  const socket = await connected(port);
  let pending: Pending | null = null;
  let received: Buffer = Buffer.alloc(0);
  const fail = (error: Error) => {
    pending?.reject(error);
    pending = null;
  };
  socket.on("data", (chunk: Buffer) => {
    received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
    try {
      const taken = takeReply(received);
      if (taken === null || pending === null) return;
      received = received.subarray(taken.bytes);
      const { resolve } = pending;
      pending = null;
      resolve(taken.reply);
    } catch (error) {
      socket.destroy();
      fail(error as Error);
    }
  });
  socket.on("error", fail);
  socket.on("close", () => fail(new Error("the connection was closed")));
  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new Error("the connection is closed"));
        pending = { resolve, reject };
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

export function requestText(
  port: number,
  method: string,
  path: string,
  headers: Record<string, string>,
  body: string,
): string {
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const length = `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
  return `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n${more.join("")}${length}\r\n${body}`;
}

function connected(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    socket.once("connect", () => {
      socket.off("error", reject);
      resolve(socket);
    });
    socket.once("error", reject);
  });
}

/** The reply at the beginning of these bytes, or null while it is not whole. */
function takeReply(bytes: Buffer): { reply: Reply; bytes: number } | null {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const head = bytes.toString("latin1", 0, end);
  const status = Number(head.slice(9, 12));
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
  if (length === undefined && status !== 204) throw new Error(`a reply without length: ${head}`);
  const total = end + 4 + Number(length ?? 0);
  if (bytes.length < total) return null;
  return { reply: { status, body: bytes.toString("utf8", end + 4, total) }, bytes: total };
}
