// Serves the built web app: web/dist at `/`, with every address of the app answered by index.html. The addresses of the
// server itself are never touched. Without a built app everything passes by, and the API goes on.
//
//   assets/*      hashed names: cached for ever
//   index.html    asked for every time; carries a fresh nonce for the styles that a library adds at run time
//
// All files are held in memory (a few megabytes), each as the build compressed it; a new build is noticed by the time of
// its index.html.
import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { NextFunction, Request, Response } from "express";
import { type BuiltFile, readBuild } from "./readBuild.ts";
import { securityHeaders } from "./securityHeaders.ts";

const builtHere = fileURLToPath(new URL("../../../web/dist", import.meta.url));
const serversOwn = /^\/(api|hooks|health|metrics|socket\.io)(\/|$)/;
const NONCE_PLACE = '<meta name="csp-nonce" content="" />';

type Build = { builtAtMs: number; files: ReadonlyMap<string, BuiltFile>; index: string };

export function webApp(distDir = builtHere) {
  let build: Build | undefined;

  function current(): Build | undefined {
    const stat = statSync(join(distDir, "index.html"), { throwIfNoEntry: false });
    if (!stat) return undefined;
    if (build?.builtAtMs !== stat.mtimeMs) {
      const files = readBuild(distDir);
      const index = files.get("/index.html")?.plain.toString("utf8") ?? "";
      build = { builtAtMs: stat.mtimeMs, files, index };
    }
    return build;
  }

  return (request: Request, response: Response, next: NextFunction): void => {
    const { method, path } = request;
    if ((method !== "GET" && method !== "HEAD") || serversOwn.test(path)) return next();
    const file = path === "/index.html" ? undefined : (build?.files.get(path) ?? current()?.files.get(path));
    if (file) return sendFile(request, response, file);
    if (path !== "/" && !isPageRequest(request)) return next();
    const index = current()?.index;
    if (index === undefined) return next();
    sendIndex(response, index);
  };
}

/** A browser that opens an address; who asks for a file that is not there, or for an old copy of one, gets a 404. */
function isPageRequest(request: Request): boolean {
  return !/^\/assets\/|\.[a-z0-9]+~?$/i.test(request.path) && /text\/html/.test(request.headers.accept ?? "");
}

function sendIndex(response: Response, index: string): void {
  const nonce = randomBytes(16).toString("base64");
  response
    .status(200)
    .set(securityHeaders(nonce))
    .set({ "content-type": "text/html; charset=utf-8", "cache-control": "no-store" })
    .send(index.replace(NONCE_PLACE, NONCE_PLACE.replace('content=""', `content="${nonce}"`)));
}

function sendFile(request: Request, response: Response, file: BuiltFile): void {
  const accepted = request.headers["accept-encoding"] ?? "";
  const [encoding, body] =
    file.brotli && /\bbr\b/.test(accepted)
      ? ["br", file.brotli]
      : file.gzip && /\bgzip\b/.test(accepted)
        ? ["gzip", file.gzip]
        : [undefined, file.plain];
  response.status(200).set({
    ...securityHeaders(),
    "content-type": file.type,
    "cache-control": file.isHashed ? "public, max-age=31536000, immutable" : "no-cache",
    ...(file.brotli || file.gzip ? { vary: "accept-encoding" } : {}),
    ...(encoding === undefined ? {} : { "content-encoding": encoding }),
    "content-length": String(body.length),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}
