// OAuth 2.0 (RFC 6749, RFC 7636): the server fetches and renews the access token; nodes only ever see that token.
import { z } from "../schema.ts";
import type { CredentialType } from "./defineCredential.ts";
import { testUrlField } from "./http.ts";
import { tryAddress } from "./tryAddress.ts";

const url = (description: string) => z.url({ protocol: /^https?$/ }).describe(description);

const client = {
  tokenUrl: url("Token endpoint of the service."),
  clientId: z.string().min(1).max(500).describe("Client id."),
  clientSecret: z.string().max(2000).optional().describe("Client secret; a public client has none."),
  scope: z.string().max(2000).optional().describe("Scopes, separated by spaces."),
  clientAuth: z
    .enum(["basic", "body"])
    .default("basic")
    .describe("Where the client proves itself: in the Authorization header, or in the body."),
  testUrl: testUrlField,
};

export const oauth2Code: CredentialType = {
  type: "oauth2.code",
  name: "OAuth 2 for a person",
  description: "Somebody allows the access in their browser once (authorization code with PKCE).",
  icon: "log-in",
  hosts: "listed",
  oauth: "code",
  secretFields: ["clientSecret"],
  schema: z.strictObject({
    authorizeUrl: url("Authorization endpoint, where the person allows the access."),
    ...client,
    parameters: z
      .record(z.string().max(100), z.string().max(500))
      .optional()
      .describe("Further parameters of the authorization endpoint, such as access_type = offline."),
  }),
  test: tryAddress,
};

export const oauth2ClientCredentials: CredentialType = {
  type: "oauth2.clientCredentials",
  name: "OAuth 2 for a machine",
  description: "The server signs in by itself (client credentials).",
  icon: "bot",
  hosts: "listed",
  oauth: "clientCredentials",
  secretFields: ["clientSecret"],
  schema: z.strictObject({
    ...client,
    audience: z.string().max(500).optional().describe("Audience, where the service wants one."),
  }),
  test: tryAddress,
};
