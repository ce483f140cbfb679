// Files up and down: multipart forms, CSV, an image, and bytes of any number.
import { createHash } from "node:crypto";
import { crc32, deflateSync, gzipSync } from "node:zlib";
import { makeGoods } from "./goods.ts";
import { type Call, numberParam, PracticeRefusal, type Route, readBody, sendJson } from "./route.ts";
import { chance } from "./state.ts";

type Part = { name: string; fileName: string | null; mimeType: string | null; bytes: Buffer };

const partsMax = 100;

export const fileRoutes: Route[] = [
  {
    method: "POST",
    path: "/upload",
    about: "Takes a multipart form or a bare body and tells what arrived: fields, files, sizes, checksums.",
    async handle(call) {
      const body = await readBody(call);
      const type = call.request.headers["content-type"] ?? "";
      if (!type.startsWith("multipart/form-data")) {
        return sendJson(call, 200, {
          fields: {},
          files: [describe({ name: "", fileName: null, mimeType: type || null, bytes: body })],
        });
      }
      const parts = splitForm(body, type);
      const fields = Object.fromEntries(
        parts.filter((part) => part.fileName === null).map((part) => [part.name, part.bytes.toString()]),
      );
      sendJson(call, 200, { fields, files: parts.filter((part) => part.fileName !== null).map(describe) });
    },
  },
  {
    method: "GET",
    path: "/download/orders.csv",
    about: "All orders as CSV, with quotes, commas and accents inside.",
    handle(call) {
      const rows = makeGoods(call.state.seed).orders.map((order) => [
        order.id,
        order.placedAt,
        order.status,
        order.customer.name,
        order.customer.email,
        order.customer.city,
        order.total.toFixed(2),
        order.note ?? "",
      ]);
      const table = [["id", "placed_at", "status", "customer", "email", "city", "total", "note"], ...rows];
      sendFile(
        call,
        "orders.csv",
        "text/csv; charset=utf-8",
        Buffer.from(table.map((row) => `${row.map(quoted).join(",")}\r\n`).join("")),
      );
    },
  },
  {
    method: "GET",
    path: "/download/picture.png",
    about: "A small picture.",
    handle: (call) => sendFile(call, "picture.png", "image/png", picture(call.state.seed)),
  },
  {
    method: "GET",
    path: "/download/:bytes",
    about: "That many bytes, the same every time.",
    example: "/download/1024",
    handle: (call) =>
      sendFile(
        call,
        "bytes.bin",
        "application/octet-stream",
        bytesFrom(call.state.seed, numberParam(call, "bytes", 100_000_000)),
      ),
  },
  {
    method: "GET",
    path: "/gzip/:bytes",
    about: "That many spaces, compressed: small on the wire, large when unpacked.",
    example: "/gzip/1000000",
    handle(call) {
      const body = gzipSync(Buffer.alloc(numberParam(call, "bytes", 200_000_000), " "));
      call.response.writeHead(200, {
        "content-type": "text/plain",
        "content-encoding": "gzip",
        "content-length": body.length,
      });
      call.response.end(body);
    },
  },
];

function sendFile(call: Call, name: string, mimeType: string, bytes: Buffer): void {
  call.response.writeHead(200, {
    "content-type": mimeType,
    "content-length": bytes.length,
    "content-disposition": `attachment; filename="${name}"`,
  });
  call.response.end(bytes);
}

function describe(part: Part) {
  return {
    field: part.name,
    name: part.fileName,
    mimeType: part.mimeType,
    bytes: part.bytes.length,
    sha256: createHash("sha256").update(part.bytes).digest("hex"),
  };
}

/** RFC 7578, as far as browsers and HTTP clients use it. */
function splitForm(body: Buffer, contentType: string): Part[] {
  const boundary = /boundary=(?:"([^"]+)"|([^;\s]+))/i.exec(contentType);
  const name = boundary?.[1] ?? boundary?.[2];
  if (!name) throw new PracticeRefusal(400, "NO_BOUNDARY", "The form has no boundary.");
  const delimiter = Buffer.from(`\r\n--${name}`);
  const parts: Part[] = [];
  const first = body.indexOf(`--${name}`);
  let start = first + name.length + 2;
  while (first !== -1 && body.subarray(start, start + 2).toString() !== "--") {
    const end = body.indexOf(delimiter, start);
    const headEnd = body.indexOf("\r\n\r\n", start);
    if (end === -1 || headEnd === -1 || headEnd > end)
      throw new PracticeRefusal(400, "BAD_FORM", "The form is not complete.");
    if (parts.length === partsMax)
      throw new PracticeRefusal(413, "TOO_MANY_PARTS", `A form has at most ${partsMax} parts here.`);
    parts.push(readPart(body.subarray(start, headEnd).toString(), body.subarray(headEnd + 4, end)));
    start = end + delimiter.length;
  }
  return parts;
}

function readPart(head: string, bytes: Buffer): Part {
  return {
    name: /[;\s]name="([^"]*)"/i.exec(head)?.[1] ?? "",
    fileName: /filename="([^"]*)"/i.exec(head)?.[1] ?? null,
    mimeType: /^content-type:\s*(\S+)/im.exec(head)?.[1] ?? null,
    bytes,
  };
}

function quoted(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function bytesFrom(seed: string, count: number): Buffer {
  const block = createHash("sha512").update(seed).digest();
  return Buffer.alloc(count, block);
}

/** A 16 x 16 picture in colours of the seed: PNG is signature, header, one compressed block of rows, end. */
function picture(seed: string): Buffer {
  const size = 16;
  const rows = Buffer.alloc(size * (1 + size * 3));
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size * 3; x += 1)
      rows[y * (1 + size * 3) + 1 + x] = Math.floor(chance(seed, "pixel", y, x) * 256);
  }
  const header = Buffer.from([0, 0, 0, size, 0, 0, 0, size, 8, 2, 0, 0, 0]);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    pngChunk("IHDR", header),
    pngChunk("IDAT", deflateSync(rows)),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const content = Buffer.concat([Buffer.from(type), data]);
  const chunk = Buffer.alloc(content.length + 8);
  chunk.writeUInt32BE(data.length, 0);
  content.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(content), content.length + 4);
  return chunk;
}
