// What a webhook trigger says about its callers and bodies, as it stands beside the registered address.
import type { JsonObject } from "@auraos/kernel";

export type HookAuth = {
  auth: "none" | "basic" | "header" | "jwt" | "standard" | "github" | "stripe" | "slack";
  secret?: string;
  user?: string;
  headerName?: string;
  algorithm?: "HS256" | "RS256" | "ES256";
  publicKey?: string;
  issuer?: string;
  audience?: string;
  toleranceSeconds?: number;
};

export type HookOptions = {
  /** Name of the connection that holds the secret. */
  credential?: string;
  authentication?: HookAuth;
  /** Header whose value makes a repeated call the same call. */
  idempotencyHeader?: string;
  /** The body as it came, as a file beside what was read from it. */
  keepRaw?: boolean;
  /** Settings of a form trigger, whose address shows a page. */
  form?: JsonObject;
};

/** Undefined when nothing differs from the usual. */
export function hookOptionsOf(config: JsonObject): string | undefined {
  const { authentication, credential, idempotencyHeader, keepRaw } = config as HookOptions;
  const options: HookOptions = {
    ...(authentication === undefined || authentication.auth === "none"
      ? {}
      : { authentication, ...(credential === undefined ? {} : { credential }) }),
    ...(idempotencyHeader === undefined ? {} : { idempotencyHeader }),
    ...(keepRaw === true ? { keepRaw } : {}),
  };
  return Object.keys(options).length === 0 ? undefined : JSON.stringify(options);
}
