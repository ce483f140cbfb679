// Walks the contract: one call to every endpoint, for tests that hold all of them to a rule.
import { type Endpoint, endpoints } from "@auraos/contract";

export type Tried = {
  endpoint: Endpoint;
  label: string;
  status: number;
  code: string | undefined;
  text: string;
};

export const everyEndpoint: readonly Endpoint[] = Object.values(endpoints) as Endpoint[];

const NOBODY = "01900000-0000-7000-8000-000000000000";
const STREAM_MS = 150;

/** `fill` gives what stands for a parameter; by default something that there is not. */
export async function tryEndpoint(
  url: string,
  endpoint: Endpoint,
  headers: Record<string, string>,
  fill: (name: string) => string = () => NOBODY,
): Promise<Tried> {
  const path = endpoint.path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(fill(name)));
  const label = `${endpoint.method.toUpperCase()} ${endpoint.path}`;
  // Of the right type and of no use: rights are looked at before anything else.
  const isBytes = endpoint.body?.kind === "bytes";
  const type = isBytes ? "application/octet-stream" : "application/json";
  const body = endpoint.body === undefined || endpoint.method === "get" ? undefined : isBytes ? "x" : "{}";
  const isStream = endpoint.produces?.includes("text/event-stream") === true;
  const response = await fetch(url + path, {
    method: endpoint.method.toUpperCase(),
    redirect: "manual",
    headers: { origin: url, ...headers, ...(body === undefined ? {} : { "content-type": type }) },
    ...(body === undefined ? {} : { body }),
  });
  const text = isStream ? await beginningOf(response) : await response.text();
  return { endpoint, label, status: response.status, code: codeOf(text), text };
}

async function beginningOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return "";
  let text = "";
  const decoder = new TextDecoder();
  const end = setTimeout(() => void reader.cancel().catch(() => {}), STREAM_MS);
  for (;;) {
    const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
    if (done) break;
    text += decoder.decode(value, { stream: true });
  }
  clearTimeout(end);
  return text;
}

function codeOf(text: string): string | undefined {
  try {
    return (JSON.parse(text) as { code?: string }).code;
  } catch {
    return undefined;
  }
}
