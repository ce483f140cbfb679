// Reads a build of the web app from its folder: every file with its type and, where the build made them, its compressed
// forms (`name.br`, `name.gz`).
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";

export type BuiltFile = {
  type: string;
  plain: Buffer;
  brotli?: Buffer;
  gzip?: Buffer;
  /** The name changes with the content. */
  isHashed: boolean;
};

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".woff2": "font/woff2",
  ".json": "application/json",
  ".wasm": "application/wasm",
  ".txt": "text/plain; charset=utf-8",
};

/** Path as it is asked for -> file. */
export function readBuild(distDir: string): Map<string, BuiltFile> {
  const contents = new Map<string, Buffer>();
  for (const entry of readdirSync(distDir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    contents.set(`/${relative(distDir, file).split(sep).join("/")}`, readFileSync(file));
  }
  const files = new Map<string, BuiltFile>();
  for (const [path, plain] of contents) {
    const type = types[extname(path)];
    if (type === undefined) continue;
    const brotli = contents.get(`${path}.br`);
    const gzip = contents.get(`${path}.gz`);
    files.set(path, {
      type,
      plain,
      ...(brotli ? { brotli } : {}),
      ...(gzip ? { gzip } : {}),
      isHashed: path.startsWith("/assets/"),
    });
  }
  return files;
}
