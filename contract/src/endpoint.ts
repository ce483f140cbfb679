// One HTTP endpoint, described once: the server registers it, OpenAPI documents it, clients are typed by it.
import type { AnyAction } from "./access.ts";
import type { z } from "./zod.ts";

export type Method = "get" | "post" | "put" | "delete";

/** How the request body is read. `json` follows the content type; `input` also takes form and text; `bytes` is raw. */
export type BodyKind = "json" | "definition" | "input" | "bytes" | "none";

export type Endpoint = {
  method: Method;
  /** Express path; parameters as `:name`. */
  path: string;
  action: AnyAction;
  summary: string;
  description?: string;
  tag: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  headers?: Record<string, string>;
  body?: { kind: BodyKind; schema?: z.ZodType; optional?: boolean };
  /** Of the answer; absent = it is not JSON, see `produces`. */
  reply?: z.ZodType;
  /** Status of success. Default 200. */
  status?: number;
  /** Further answers: status -> meaning. */
  also?: Record<number, string>;
  /** Content types other than application/json. */
  produces?: readonly string[];
};

export function endpoint<const E extends Endpoint>(description: E): E {
  return description;
}
