// Which route shows the object that another route changes, found from the contract alone: so a new route has its before and
// after without anybody thinking of it.
//
//   PUT, DELETE /things/:id         GET of the same address
//   POST, PUT /things/:id/verb      GET /things/:id
//   DELETE /things/:id, no such GET the element of GET /things with this id
//
// What is shown is what the API shows: it never gives a secret.
import { type Endpoint, isOpen } from "@auraos/contract";
import { isObject } from "@auraos/kernel";
import { Refusal } from "../platform/errors.ts";
import type { Answer, Call, Route } from "../platform/http.ts";

export type ObjectReader = {
  route: Route;
  /** Undefined = there is no such object; null = it could not be read. */
  read(call: Call<Endpoint>): Promise<unknown>;
};

/** Changes of oneself and of the organization are seen in what `GET account` says. */
const SEEN_IN_ACCOUNT = /^\/api\/v1\/(auth\/(totp|passkeys|password|backup-codes)|account$|organization$)/;
const ITEMS = "200";

export function objectReaders(routes: readonly Route[]): (endpoint: Endpoint) => ObjectReader | undefined {
  const gets = new Map(
    routes.filter(({ endpoint }) => isReading(endpoint)).map((one) => [one.endpoint.path, one]),
  );
  return (endpoint) => {
    const { path, method } = endpoint;
    if (SEEN_IN_ACCOUNT.test(path)) return readerOf(gets.get("/api/v1/account"));
    const above = path.slice(0, path.lastIndexOf("/"));
    const endsInId = /\/:\w+$/.test(path);
    const same = gets.get(path);
    if (method !== "post" && same && !isList(same)) return readerOf(same);
    if (endsInId) return readerOf(gets.get(above), path.slice(path.lastIndexOf(":") + 1));
    const isBelowOne = /\/:\w+$/.test(above);
    return isBelowOne ? readerOf(gets.get(above)) : undefined;
  };
}

/**
 * Calling it once more shows something and does nothing. The way back from an identity provider is a GET too, and signs
 * somebody in: it takes no second call.
 */
function isReading({ method, action }: Endpoint): boolean {
  return method === "get" && !isOpen(action);
}

export function isList({ endpoint: { query, reply } }: Route): boolean {
  return query?.shape.limit !== undefined || shapeOf(reply)?.items !== undefined;
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  const shape = (schema as { shape?: unknown } | undefined)?.shape;
  return isObject(shape) ? shape : undefined;
}

function readerOf(found: Route | undefined, param?: string): ObjectReader | undefined {
  if (!found) return undefined;
  const { endpoint, handler } = found;
  if (param !== undefined && !isList(found)) return undefined;
  const wanted: Record<string, string> = {};
  if (endpoint.query?.shape.limit !== undefined) wanted.limit = ITEMS;
  return { route: found, read };

  async function read(call: Call<Endpoint>): Promise<unknown> {
    try {
      const query = endpoint.query?.parse(wanted) ?? {};
      const answer = await handler({ ...call, query, body: undefined, bytes: Buffer.alloc(0) });
      const json = jsonOf(answer);
      return param === undefined ? json : elementOf(json, String(call.params[param as never]));
    } catch (error) {
      if (error instanceof Refusal && [403, 404, 410].includes(error.status)) return undefined;
      return null;
    }
  }
}

function jsonOf(answer: Answer): unknown {
  if ("json" in answer) return JSON.parse(JSON.stringify(answer.json));
  if ("jsonText" in answer) return JSON.parse(answer.jsonText.toString());
  return null;
}

function elementOf(page: unknown, wanted: string): unknown {
  const items = isObject(page) && Array.isArray(page.items) ? page.items : [];
  return items.find(
    (one) =>
      isObject(one) &&
      [one.id, one.userId, one.name, one.role, one.host, one.connection].some((name) => name === wanted),
  );
}
