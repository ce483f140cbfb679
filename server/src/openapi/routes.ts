// The API document, its readable page, and the welcome page. Open to everybody: they describe the product, not this
// installation. The pages work offline and under a strict content security policy (no script at all).
import { hash } from "node:crypto";
import { endpoints, openapi } from "@auraos/contract";
import type { Deps } from "../deps.ts";
import { type Route, route } from "../platform/http.ts";
import { lazily } from "../platform/lazily.ts";
import { docsPage, style, welcomePage } from "./pages.ts";

export function documentRoutes(deps: Pick<Deps, "version">): Route[] {
  const document = lazily(() => openapi(deps.version));
  const text = lazily(() => JSON.stringify(document()));
  const docs = lazily(() => docsPage(document()));
  const welcome = welcomePage(deps.version);
  const policy = `default-src 'none'; style-src 'sha256-${hash("sha256", style, "base64")}'; frame-ancestors 'none'; base-uri 'none'`;
  const headers = { "content-security-policy": policy, "cache-control": "no-cache" };
  const type = "text/html; charset=utf-8";
  return [
    route(endpoints.getOpenapi, () => ({ jsonText: text(), headers: { "cache-control": "no-cache" } })),
    route(endpoints.getDocs, () => ({ text: docs(), type, headers })),
    route(endpoints.getWelcome, () => ({ text: welcome, type, headers })),
  ];
}
