// Request bodies: read with a limit that counts unpacked bytes, parsed by the declared type only. A JSON text that
// poses as a form, or a body without a type, is refused instead of guessed at.
import type { IncomingMessage } from "node:http";
import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate } from "node:zlib";
import { type Refusal, refuse } from "./errors.ts";
import { checkDocument, parseJson, parseYaml } from "./json.ts";

const decoders: Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  br: promisify(brotliDecompress),
};

export async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const declared = Number(request.headers["content-length"] ?? 0);
  if (declared > bytesMax) throw tooLarge(bytesMax);
  const encoding = request.headers["content-encoding"]?.toLowerCase() ?? "identity";
  const raw = await collect(request, bytesMax);
  if (encoding === "identity" || raw.length === 0) return raw;
  const decode = decoders[encoding];
  if (!decode)
    throw refuse(
      415,
      "ENCODING_UNSUPPORTED",
      `The encoding ${encoding} is not known.`,
      "Use gzip, deflate, br or none.",
    );
  try {
    return await decode(raw, { maxOutputLength: bytesMax });
  } catch (error) {
    if ((error as { code?: string }).code === "ERR_BUFFER_TOO_LARGE") throw tooLarge(bytesMax);
    throw refuse(
      400,
      "ENCODING_INVALID",
      `The body is not ${encoding}.`,
      "Send it as declared, or without encoding.",
    );
  }
}

function collect(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    request.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      // What still comes is read and dropped, so that the answer reaches a client that is still sending.
      if (bytes > bytesMax) {
        chunks.length = 0;
        reject(tooLarge(bytesMax));
      } else chunks.push(chunk);
    });
    request.on("end", () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    request.on("error", (error) => reject(incomplete(error)));
    request.on("close", () => {
      if (!request.complete) reject(incomplete());
    });
  });
}

/** `application/json; charset=utf-8` -> `application/json`. */
export function contentType(request: IncomingMessage): string | undefined {
  return request.headers["content-type"]?.split(";", 1)[0]?.trim().toLowerCase();
}

export function isJsonType(type: string): boolean {
  return type === "application/json" || type.endsWith("+json");
}

export function isYamlType(type: string): boolean {
  return (
    ["application/yaml", "application/x-yaml", "text/yaml", "text/x-yaml"].includes(type) ||
    type.endsWith("+yaml")
  );
}

/** JSON or YAML by the declared type; undefined for an empty body. */
export function parseBody(
  bytes: Buffer,
  type: string | undefined,
  options: { yaml: boolean; strictText: boolean },
): unknown {
  if (bytes.length === 0) return undefined;
  const known = type !== undefined && (isJsonType(type) || (options.yaml && isYamlType(type)));
  if (!known) {
    const types = options.yaml ? "application/json or application/yaml" : "application/json";
    const said = type === undefined ? "no content type" : `content type ${type}`;
    throw refuse(415, "CONTENT_TYPE", `The body has ${said}.`, `Send content-type: ${types}.`);
  }
  const text = textOf(bytes);
  const value = isJsonType(type) ? parseJson(text) : parseYaml(text);
  checkDocument(value, { strictText: options.strictText });
  return value;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

export function textOf(bytes: Buffer): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw refuse(400, "TEXT_NOT_UTF8", "The body is not UTF-8.", "Encode it as UTF-8.");
  }
}

function tooLarge(bytesMax: number): Refusal {
  const limit = bytesMax >= 1024 * 1024 ? `${Math.floor(bytesMax / 1024 / 1024)} MB` : `${bytesMax} bytes`;
  return refuse(
    413,
    "TOO_LARGE",
    `The body is larger than ${limit}.`,
    "Send less, or store the data as a blob.",
    {
      headers: { connection: "close" },
    },
  );
}

function incomplete(cause?: Error): Refusal {
  const refusal = refuse(400, "BODY_INCOMPLETE", "The body ended too early.", "Send it again.");
  if (cause) refusal.cause = cause;
  return refusal;
}
