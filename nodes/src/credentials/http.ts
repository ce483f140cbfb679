// Ways to sign an HTTP request. All are bound to hosts: a secret for one service is not sent to another, whatever
// address a workflow computes.
import { z } from "../schema.ts";
import type { CredentialType } from "./defineCredential.ts";
import { tryAddress } from "./tryAddress.ts";

export const testUrlField = z
  .url({ protocol: /^https?$/ })
  .optional()
  .describe("Address to try it on with GET; a status below 400 is good.");

/** RFC 9110: what may stand in a header; a line break would start another one. */
const headerValue = z.string().regex(/^[^\r\n\0]*$/, "must not contain line breaks.");
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}$/, "must be the name of a header.");

export const httpBearer: CredentialType = {
  type: "http.bearer",
  name: "API token",
  description: "A token in the Authorization header (Bearer).",
  icon: "key-round",
  hosts: "listed",
  secretFields: ["token"],
  schema: z.strictObject({ token: headerValue.min(1).describe("Token."), testUrl: testUrlField }),
  test: tryAddress,
};

export const httpHeaders: CredentialType = {
  type: "http.headers",
  name: "Custom headers",
  description: "One or several headers of the service's own, such as X-Api-Key.",
  icon: "list",
  hosts: "listed",
  secretFields: ["headers"],
  schema: z.strictObject({
    headers: z
      .record(headerName, headerValue)
      .refine((given) => Object.keys(given).length > 0, "needs one header at least.")
      .describe("Headers and their values; all of them are secret."),
    testUrl: testUrlField,
  }),
  test: tryAddress,
};

export const httpBasic: CredentialType = {
  type: "http.basic",
  name: "User and password",
  description: "User and password in the Authorization header (Basic).",
  icon: "user-round",
  hosts: "listed",
  secretFields: ["password"],
  schema: z.strictObject({
    user: headerValue.regex(/^[^:]*$/, "must not contain a colon.").describe("User."),
    password: z.string().describe("Password."),
    testUrl: testUrlField,
  }),
  test: tryAddress,
};
