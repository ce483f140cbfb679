// The list of everything, for people as a page and for programs as JSON.
import { type Call, type Route, sendJson } from "./route.ts";

export function indexPage(call: Call, routes: readonly Route[]): void {
  if (!(call.request.headers.accept ?? "").includes("text/html")) {
    const endpoints = routes.map(({ method, path, about, example }) => ({
      method,
      path,
      about,
      example: example ?? null,
    }));
    sendJson(call, 200, { name: "AuraOS practice service", seed: call.state.seed, endpoints });
    return;
  }
  const page = Buffer.from(html(routes));
  call.response.writeHead(200, {
    "content-type": "text/html; charset=utf-8",
    "content-length": page.length,
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
  });
  call.response.end(page);
}

function html(routes: readonly Route[]): string {
  const rows = routes.map(({ method, path, about, example }) => {
    const target =
      example ?? (method !== "POST" && method !== "DELETE" && !path.includes(":") ? path : undefined);
    const shown = target ? `<a href="${escaped(target)}">${escaped(path)}</a>` : escaped(path);
    return `<tr><td>${method}</td><td><code>${shown}</code></td><td>${escaped(about)}</td></tr>`;
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>AuraOS practice service</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #1d2330; }
table { border-collapse: collapse; width: 100%; }
td { border-top: 1px solid #d9dde5; padding: .4rem .8rem .4rem 0; vertical-align: top; }
</style>
</head>
<body>
<h1>Practice service</h1>
<p>Flaky on purpose. What fails is decided by the seed and the order of calls, so it can be repeated exactly.</p>
<table>
${rows.join("\n")}
</table>
</body>
</html>
`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
