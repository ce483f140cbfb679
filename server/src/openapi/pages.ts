// The readable form of the API document.

export const style = `
:root{color-scheme:light dark;--line:#8884;--soft:#8882;--accent:#0a7}
body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:2rem 1rem}
h2{margin-top:2.5rem;border-bottom:1px solid var(--line)}
details{border:1px solid var(--line);border-radius:6px;margin:.5rem 0;padding:.4rem .8rem}
summary{cursor:pointer}
code,pre{font:13px/1.45 ui-monospace,monospace}
pre{background:var(--soft);padding:.7rem;border-radius:6px;overflow:auto;max-height:30rem}
b.m{display:inline-block;min-width:4.2rem;color:var(--accent)}
td,th{text-align:left;vertical-align:top;padding:.15rem .8rem .15rem 0}
.open{color:var(--accent)}
`;

type Schema = Record<string, unknown>;
type Operation = {
  operationId: string;
  tags: string[];
  summary: string;
  description?: string;
  security?: unknown[];
  "x-action": string;
  parameters: { name: string; in: string; required: boolean; description?: string; schema: Schema }[];
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, { description: string; content?: Record<string, { schema: Schema }> }>;
};
type Entry = { path: string; method: string; operation: Operation };

export function docsPage(document: Schema): string {
  const paths = document.paths as Record<string, Record<string, Operation>>;
  const byTag = new Map<string, Entry[]>();
  for (const [path, methods] of Object.entries(paths)) {
    for (const [method, operation] of Object.entries(methods)) {
      const tag = operation.tags[0] ?? "Other";
      byTag.set(tag, [...(byTag.get(tag) ?? []), { path, method, operation }]);
    }
  }
  const { schemas } = document.components as { schemas: Record<string, Schema> };
  const sections = [...byTag].map(
    ([tag, entries]) => `<h2>${escapeHtml(tag)}</h2>${entries.map(entryHtml).join("")}`,
  );
  const shapes = Object.entries(schemas).map(
    ([name, schema]) =>
      `<details id="${escapeHtml(name)}"><summary>${escapeHtml(name)}</summary>${pre(schema)}</details>`,
  );
  return page(
    "AuraOS API",
    `<h1>AuraOS API</h1>
<p>Send <code>Authorization: Bearer KEY</code>. Lists are <code>{items, next?}</code>; <code>next</code> goes into
<code>?after=</code>. Refusals are problem details with <code>code</code>, <code>detail</code> and <code>remedy</code>.
Machines read <a href="/api/openapi.json">/api/openapi.json</a>.</p>
<h2>Webhooks</h2>
<p>A published workflow with the trigger <code>trigger.webhook</code> answers at <code>/hooks/&lt;path&gt;</code>, without a key.
<code>Idempotency-Key</code> or <code>webhook-id</code> makes a repeat the same execution. Waits and approvals are answered
at <code>/hooks/resume/&lt;token&gt;</code> (POST).</p>
${sections.join("\n")}
<h2>Shapes</h2>${shapes.join("\n")}`,
  );
}

export function welcomePage(version: string): string {
  return page(
    "AuraOS",
    `<h1>AuraOS</h1><p>The server is running (version ${escapeHtml(version)}).</p>
<ul><li><a href="/api/docs">API</a></li><li><a href="/api/openapi.json">OpenAPI document</a></li>
<li><a href="/health/ready">Health</a></li></ul>
<p>The first start printed the API key. On the command line: <code>auraos run workflow.json</code>.</p>`,
  );
}

function entryHtml({ path, method, operation }: Entry): string {
  const open = operation.security?.length === 0 ? ` <span class="open">open</span>` : "";
  const answers = Object.entries(operation.responses).map(([status, { description, content }]) =>
    row(status, `${description} ${names(content)}`),
  );
  return `<details id="${escapeHtml(operation.operationId)}"><summary><b class="m">${method.toUpperCase()}</b>
<code>${escapeHtml(path)}</code> ${escapeHtml(operation.summary)}${open}</summary>
<p>${escapeHtml(operation.description ?? "")}</p><p>Right: <code>${escapeHtml(operation["x-action"])}</code></p>
${operation.parameters.length > 0 ? `<table>${operation.parameters.map(parameterRow).join("")}</table>` : ""}
${operation.requestBody ? `<p>Body ${names(operation.requestBody.content)}</p>${pre(bodySchema(operation.requestBody))}` : ""}
<table>${answers.join("")}</table></details>`;
}

function parameterRow(parameter: Operation["parameters"][number]): string {
  const { type, enum: words } = parameter.schema as { type?: string; enum?: string[] };
  const kind = words ? words.join(" | ") : (type ?? "");
  return `<tr><td><code>${escapeHtml(parameter.name)}</code></td><td>${parameter.in}</td><td>${escapeHtml(kind)}</td><td>${escapeHtml(parameter.description ?? "")}</td></tr>`;
}

function bodySchema(body: { content: Record<string, { schema: Schema }> }): Schema {
  return Object.values(body.content)[0]?.schema ?? {};
}

function names(content: Record<string, { schema: Schema }> | undefined): string {
  if (!content) return "";
  const reference = Object.values(content)[0]?.schema.$ref;
  const name = typeof reference === "string" ? reference.slice(reference.lastIndexOf("/") + 1) : undefined;
  const types = `<code>${Object.keys(content).map(escapeHtml).join(", ")}</code>`;
  return name === undefined ? types : `${types} <a href="#${escapeHtml(name)}">${escapeHtml(name)}</a>`;
}

function row(name: string, text: string): string {
  return `<tr><th>${escapeHtml(name)}</th><td>${text}</td></tr>`;
}

function pre(value: unknown): string {
  return `<pre>${escapeHtml(JSON.stringify(value, null, 1))}</pre>`;
}

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${title}</title>
<style>${style}</style></head><body>${body}</body></html>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`);
}
