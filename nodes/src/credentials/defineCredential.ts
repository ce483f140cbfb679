// The one way to describe a kind of connection: what a person fills in, which of it is secret, and how it is tried out.
// Secret values are sealed by the server and never leave it again; everything else may be read by whoever may see the
// connection.
import type { JsonObject } from "@auraos/kernel";
import type { HttpClient } from "../defineNode.ts";
import type { z } from "../schema.ts";

export type CredentialType = {
  type: string;
  name: string;
  description: string;
  /** Name of a Lucide icon. */
  icon: string;
  /** Values as people fill them in; a strict object. */
  schema: z.ZodObject;
  secretFields: readonly string[];
  /**
   * Where the secret may be sent. `listed`: to the hosts that stand with the connection; `own`: to the host among its
   * values, which is all it is good for.
   */
  hosts: "listed" | "own";
  /** OAuth 2: the server fetches an access token and gives it as `accessToken`. */
  oauth?: "clientCredentials" | "code";
  /** Uses it once, without changing anything; throws ActivityError. */
  test?: (credential: Pick<Credential, "type" | "values">, tools: TestTools) => Promise<TestFound>;
};

/** What a test that went well found; the server has the words for it. */
export type TestFound =
  | { what: "answered"; host: string }
  | { what: "answeredWith"; host: string; status: string }
  | { what: "tookKey"; host: string }
  | { what: "tookPassword"; host: string }
  | { what: "letIn"; service: string; user: string };

export type TestTools = {
  signal: AbortSignal;
  http: HttpClient;
  addressOf(host: string, port: number): Promise<string>;
};

/** A connection as a node gets it while it runs. */
export type Credential = { name: string; type: string; values: JsonObject };

/** Where a node wants to take it. */
export type CredentialUse = { host: string; port?: number };
