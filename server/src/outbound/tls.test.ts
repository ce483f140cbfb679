// Outbound TLS is checked: who signed the certificate, and for which name. Nothing but a certificate of the operator's own
// choosing turns that off.
import assert from "node:assert/strict";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { after, test } from "node:test";
import { NodeError } from "@auraos/kernel";
import { oneExample, twoExample } from "../testing/certificates.fixture.ts";
import { createHttpClient } from "./httpClient.ts";

const server = createServer({ cert: oneExample.certificate, key: oneExample.key }, (_, response) =>
  response.end("secret answer"),
);
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
after(() => {
  server.closeAllConnections();
  server.close();
});
const { port } = server.address() as AddressInfo;

async function ask(host: string, certificates?: string[]): Promise<string> {
  const http = createHttpClient({
    allow: ["127.0.0.1", "localhost"],
    ...(certificates ? { certificates } : {}),
  });
  try {
    const { body } = await http.request(
      { method: "GET", url: `https://${host}:${port}/` },
      AbortSignal.timeout(10_000),
    );
    return Buffer.from(body).toString();
  } catch (error) {
    assert.ok(error instanceof NodeError, String(error));
    return error.failure.code;
  } finally {
    await http.close();
  }
}

test("a certificate that nobody trusts, of another authority, or for another name ends the connection", async () => {
  assert.equal(await ask("127.0.0.1"), "TLS_UNTRUSTED");
  assert.equal(await ask("127.0.0.1", [twoExample.certificate]), "TLS_UNTRUSTED");
  assert.match(await ask("localhost", [oneExample.certificate]), /^TLS_/);
  assert.equal(await ask("127.0.0.1", [oneExample.certificate]), "secret answer");
});
