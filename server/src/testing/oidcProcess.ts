// An authorization server (oidc-provider) in a process of its own, for tests: it makes code from strings, which is switched
// off where the product runs. Told by messages: {clients, ttl} starts it, "refuse" makes its token endpoint refuse everything,
// "count" asks how many token requests there were.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";

/** Of the standard: client_id, client_secret, redirect_uris, grant_types and so on. */
type ClientMetadata = Record<string, string | string[]>;

export type OidcOrder = { clients: ClientMetadata[]; scopes?: string[]; accessTokenSeconds?: number };

let requests = 0;
let isRefusing = false;

process.on("message", (message: OidcOrder | "refuse" | "count") => {
  if (message === "count") process.send?.({ requests });
  else if (message === "refuse") {
    isRefusing = true;
    process.send?.({ refusing: true });
  } else start(message);
});
process.on("disconnect", () => process.exit(0));

function start({
  clients,
  scopes = ["openid", "offline_access"],
  accessTokenSeconds = 3600,
}: OidcOrder): void {
  const server = createServer();
  server.listen(0, "127.0.0.1", () => {
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const provider = new Provider(issuer, {
      clients,
      scopes,
      features: { clientCredentials: { enabled: true }, devInteractions: { enabled: true } },
      claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
      findAccount: async (_: unknown, sub: string) => ({
        accountId: sub,
        claims: async () => ({ sub, email: `${sub}@example.com`, email_verified: true, name: sub }),
      }),
      issueRefreshToken: async () => true,
      rotateRefreshToken: true,
      pkce: { required: () => true },
      ttl: {
        AccessToken: accessTokenSeconds,
        ClientCredentials: 600,
        RefreshToken: 3600,
        Session: 3600,
        Grant: 3600,
        Interaction: 600,
        IdToken: 600,
      },
      cookies: { keys: ["only for tests"] },
    });
    const answer = provider.callback();
    server.on("request", (request, response) => {
      if (request.method === "POST" && request.url === "/token") {
        requests += 1;
        if (isRefusing) {
          response.writeHead(400, { "content-type": "application/json" }).end('{"error":"invalid_grant"}');
          return;
        }
      }
      void answer(request, response);
    });
    process.send?.({ issuer });
  });
}
