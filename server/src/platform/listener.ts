// The server's door: plain HTTP, or TLS with the operator's certificate. A certificate that was renewed is taken up
// while the server goes on: open connections keep theirs, new ones get the new one; files that do not fit each other
// (half of a renewal) leave the old one in service and are looked at again.
import { readFileSync, statSync } from "node:fs";
import { createServer as createHttp, type RequestListener, type Server } from "node:http";
import { createServer as createHttps, type Server as TlsServer } from "node:https";
import { createSecureContext } from "node:tls";
import type { Log } from "./log.ts";
import { type Settings, SettingsError } from "./settings.ts";

/** Strangers meet these: a header that dribbles in, or a request that never ends, holds nothing for long. */
const bounds = { headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 65_000 };
const RENEWAL_LOOK_MS = 10_000;

export function openListener(tls: Settings["tls"], answer: RequestListener, log: Log): Server {
  if (tls === undefined) return createHttp(bounds, answer);
  const server = createHttps({ ...bounds, ...firstPair(tls), minVersion: "TLSv1.2" }, answer);
  const look = setInterval(followRenewal(server, tls, log), RENEWAL_LOOK_MS).unref();
  server.once("close", () => clearInterval(look));
  return server;
}

type Files = NonNullable<Settings["tls"]>;

/** Gives what looks once whether the files changed. */
export function followRenewal(server: TlsServer, tls: Files, log: Log): () => void {
  let seen = timesOf(tls);
  return () => {
    try {
      const now = timesOf(tls);
      if (now === seen) return;
      server.setSecureContext({ ...readPair(tls), minVersion: "TLSv1.2" });
      seen = now;
      log("info", "the new certificate is in service", { file: tls.certFile });
    } catch (error) {
      log("warn", "the new certificate cannot be used; the one before stays in service", {
        file: tls.certFile,
        reason: (error as Error).message,
      });
    }
  };
}

function firstPair(tls: Files) {
  try {
    return readPair(tls);
  } catch (error) {
    throw new SettingsError([
      `AURAOS_TLS_CERT and AURAOS_TLS_KEY are a certificate and its key (PEM): ${(error as Error).message}`,
    ]);
  }
}

/** Throws when one is missing, is no PEM, or they do not belong together. */
function readPair({ certFile, keyFile }: Files): { cert: Buffer; key: Buffer } {
  const pair = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
  createSecureContext(pair);
  return pair;
}

function timesOf({ certFile, keyFile }: Files): string {
  return [certFile, keyFile].map((file) => statSync(file).mtimeMs).join(" ");
}
