// The field by which a node names its connection. It is written out, never computed: what a workflow may use is known
// before it runs, and whoever publishes it must be allowed to.
import { z } from "../schema.ts";

export const CREDENTIAL_FIELD = "credential";

/** `types`: kinds of connections that fit. Name the field `credential` and list it under `rawFields`. */
export function credentialField(types: readonly string[], description = "Connection to sign in with.") {
  return z
    .string()
    .min(1)
    .max(100)
    .regex(/^[^{}]*$/, "must be the name of a connection, not a template.")
    .describe(description)
    .meta({ title: "Connection", format: "credential", credentialTypes: [...types] });
}
