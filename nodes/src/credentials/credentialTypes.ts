// The kinds of connections, in the order people look for them.
import type { CredentialType } from "./defineCredential.ts";
import { httpBasic, httpBearer, httpHeaders } from "./http.ts";
import { oauth2ClientCredentials, oauth2Code } from "./oauth2.ts";
import { aiService, mailServer, postgresDatabase, redisServer, webhookCaller } from "./services.ts";

export const credentialTypes: readonly CredentialType[] = [
  httpBearer,
  httpHeaders,
  httpBasic,
  oauth2Code,
  oauth2ClientCredentials,
  postgresDatabase,
  redisServer,
  mailServer,
  aiService,
  webhookCaller,
];

/** Those that an HTTP request can be signed with. */
export const httpCredentials: readonly string[] = [
  httpBearer,
  httpHeaders,
  httpBasic,
  oauth2Code,
  oauth2ClientCredentials,
].map(({ type }) => type);

const byType = new Map(credentialTypes.map((one) => [one.type, one]));

export function findCredentialType(type: string): CredentialType | undefined {
  return byType.get(type);
}
