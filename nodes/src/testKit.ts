// What the tests of a node type need: run it, with a clock and HTTP that are as the test says.
import type { Item, Json, JsonObject } from "@auraos/kernel";
import {
  type ActivityContext,
  ActivityError,
  type HttpClient,
  type HttpRequest,
  type NodeModule,
} from "./defineNode.ts";
import { kit, type MakeNode } from "./kit.ts";
import { evaluateNode, jsonOf, runNode } from "./testing.ts";

/** One request that is expected, and what it is answered with. */
export type Recorded = {
  method?: string;
  url: string;
  /** Body that must be sent; JSON is compared as data. */
  sends?: Json;
  status?: number;
  headers?: Record<string, string>;
  /** Not text: sent as JSON. */
  body?: Json;
};

export type Trial = {
  config?: JsonObject;
  items?: readonly (Json | Item)[];
  /** ISO time of the call. Default: 2026-01-01. */
  now?: string;
  attempt?: number;
  idempotencyKey?: string;
  /** Requests in the order in which they must come. */
  http?: readonly Recorded[];
  context?: Partial<ActivityContext>;
};

export type Tried =
  | { outputs: Record<string, Json[]>; failure?: undefined }
  | { outputs?: undefined; failure: ActivityError["failure"] };

/** Runs a node type as the engine would; a failure comes back as data. Throws when the node does what was not recorded. */
export async function testNode(given: NodeModule | MakeNode, trial: Trial = {}): Promise<Tried> {
  const module = typeof given === "function" ? given(kit) : given;
  const {
    config = {},
    items = [{}],
    now = "2026-01-01T00:00:00Z",
    attempt = 1,
    idempotencyKey = "key-1",
  } = trial;
  const [problem] = module.checkConfig?.(config) ?? [];
  if (problem) throw new Error(`The config has a problem: ${problem.field}: ${problem.message}`);
  const replay = recorded(trial.http ?? []);
  const nowMs = Date.parse(now);
  try {
    const outputs = module.run
      ? await runNode(
          module,
          { config, items },
          { http: replay.client, ...trial.context },
          { attempt, idempotencyKey, nowMs },
        )
      : evaluateNode(module, { config, items });
    replay.end();
    return { outputs: jsonOf(outputs) };
  } catch (error) {
    if (!(error instanceof ActivityError)) throw error;
    return { failure: error.failure };
  }
}

function recorded(expected: readonly Recorded[]): { client: HttpClient; end(): void } {
  let next = 0;
  return {
    client: {
      async request(request) {
        const one = expected[next];
        const asked = `${request.method} ${request.url}`;
        if (!one) throw new Error(`${asked} was not recorded.`);
        next += 1;
        const wanted = `${one.method ?? "GET"} ${one.url}`;
        if (asked !== wanted) throw new Error(`${asked} came where ${wanted} was recorded.`);
        if (one.sends !== undefined && JSON.stringify(sentBy(request)) !== JSON.stringify(one.sends))
          throw new Error(
            `${asked} sent ${JSON.stringify(sentBy(request))}, not ${JSON.stringify(one.sends)}.`,
          );
        const text = typeof one.body === "string" ? one.body : JSON.stringify(one.body ?? null);
        const headers = {
          "content-type": typeof one.body === "string" ? "text/plain" : "application/json",
          ...one.headers,
        };
        return { status: one.status ?? 200, headers, body: new TextEncoder().encode(text), url: request.url };
      },
    },
    end() {
      const missing = expected[next];
      if (missing) throw new Error(`${missing.method ?? "GET"} ${missing.url} was recorded, and never came.`);
    },
  };
}

function sentBy({ body }: HttpRequest): Json {
  if (body === undefined) return null;
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}
