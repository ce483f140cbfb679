// What goes out in headers: the person's own, minus those that belong to the connection, plus honest defaults;
// and what of them survives a redirect.
//
// Invariant: nothing that identifies or authorises the caller follows a redirect to another origin.
import { acceptEncoding } from "./inflate.ts";

/** Belong to the connection; undici writes them itself, and a wrong one allows request smuggling. */
const connectionHeaders = new Set([
  "connection",
  "content-length",
  "expect",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

const bodyHeaders = new Set(["content-encoding", "content-language", "content-location", "content-type"]);

const secretHeader =
  /^(authorization|proxy-authorization|cookie2?|host)$|api-?key|token|secret|passw|credential|signature|(^|-)auth(-|$)/;

/** Flat name/value list for undici. Credentials in the URL become a basic authorization header, as in browsers' address bars. */
export function outgoingHeaders(headers: Record<string, string>, url: URL): string[] {
  const list: string[] = [];
  let hasUserAgent = false;
  let hasAccept = false;
  let hasEncoding = false;
  let hasAuthorization = false;
  for (const name of Object.keys(headers)) {
    const lower = name.toLowerCase();
    if (connectionHeaders.has(lower)) continue;
    if (lower === "user-agent") hasUserAgent = true;
    else if (lower === "accept") hasAccept = true;
    else if (lower === "accept-encoding") hasEncoding = true;
    else if (lower === "authorization") hasAuthorization = true;
    list.push(name, headers[name] ?? "");
  }
  if (!hasUserAgent) list.push("user-agent", "AuraOS");
  if (!hasAccept) list.push("accept", "*/*");
  if (!hasEncoding) list.push("accept-encoding", acceptEncoding);
  if (!hasAuthorization && (url.username !== "" || url.password !== "")) {
    const pair = `${percentDecoded(url.username)}:${percentDecoded(url.password)}`;
    list.push("authorization", `Basic ${Buffer.from(pair).toString("base64")}`);
  }
  return list;
}

function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

export function headersAfterRedirect(
  headers: Record<string, string>,
  change: { crossOrigin: boolean; dropsBody: boolean },
): Record<string, string> {
  const kept = Object.entries(headers).filter(([name]) => {
    const lower = name.toLowerCase();
    if (change.crossOrigin && secretHeader.test(lower)) return false;
    return !(change.dropsBody && bodyHeaders.has(lower));
  });
  return Object.fromEntries(kept);
}
