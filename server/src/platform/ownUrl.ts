// The address under which this server is reached: the one that the operator says, else where it listens.
import type { Settings } from "./settings.ts";

type About = Pick<Settings, "publicUrl" | "host" | "port" | "tls">;

export function ownUrl(settings: About): string {
  return settings.publicUrl ?? listeningUrl(settings);
}

/** Where it listens, with a name that can be opened on this machine. */
export function listeningUrl({ host, port, tls }: Omit<About, "publicUrl">): string {
  const isAnywhere = host === "0.0.0.0" || host === "::";
  const name = isAnywhere ? "localhost" : host.includes(":") ? `[${host}]` : host;
  return `${tls === undefined ? "http" : "https"}://${name}:${port}`;
}

/** Whether browsers reach it over TLS, here or at a proxy in front. */
export function isSecure(settings: About): boolean {
  return ownUrl(settings).startsWith("https:");
}
