// TLS with real certificates, made here: what is spoken, what is refused, and a renewal while the server runs.
import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { connect, type TLSSocket } from "node:tls";
import { oneExample, twoExample } from "../testing/certificates.fixture.ts";
import { followRenewal, openListener } from "./listener.ts";
import type { Log } from "./log.ts";

const folder = mkdtempSync(join(tmpdir(), "auraos-tls-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** The pair as files. */
function pairFor(name: string, pair = oneExample): { certFile: string; keyFile: string } {
  const files = { certFile: join(folder, `${name}.pem`), keyFile: join(folder, `${name}.key`) };
  writeFileSync(files.certFile, pair.certificate);
  writeFileSync(files.keyFile, pair.key);
  return files;
}

const logged: string[] = [];
const log: Log = (_level, message) => logged.push(message);

async function nameServed(port: number, options: object = {}): Promise<string> {
  const socket = await new Promise<TLSSocket>((resolve, reject) => {
    const opened: TLSSocket = connect(
      { port, host: "127.0.0.1", rejectUnauthorized: false, ...options },
      () => resolve(opened),
    );
    opened.once("error", reject);
  });
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

test("TLS is spoken, older versions are not; a renewed certificate is taken up, half of one is not", async (t) => {
  const one = pairFor("one.example");
  const two = pairFor("two.example", twoExample);
  const used = { certFile: join(folder, "used.pem"), keyFile: join(folder, "used.key") };
  let time = 1_700_000_000;
  const put = (from: typeof one, what: "both" | "cert") => {
    time += 10;
    copyFileSync(from.certFile, used.certFile);
    if (what === "both") copyFileSync(from.keyFile, used.keyFile);
    for (const file of Object.values(used)) utimesSync(file, time, time);
  };
  put(one, "both");
  const server = openListener(used, (_request, response) => response.end("over TLS"), log);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  assert.equal(await nameServed(port), "one.example");
  await assert.rejects(
    nameServed(port, { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" }),
  );
  await assert.rejects(fetch(`http://127.0.0.1:${port}/`), "no plain HTTP at the same door");

  const look = followRenewal(server as Parameters<typeof followRenewal>[0], used, log);
  look();
  put(two, "cert");
  look();
  assert.equal(await nameServed(port), "one.example", "a certificate without its key");
  assert.match(logged.at(-1) ?? "", /stays in service/);
  put(two, "both");
  look();
  assert.equal(await nameServed(port), "two.example");
});

test("what cannot be read or does not belong together ends the start, in words", () => {
  const one = pairFor("three.example");
  const other = pairFor("four.example", twoExample);
  writeFileSync(join(folder, "none.pem"), "no certificate");
  for (const files of [
    { ...one, certFile: join(folder, "missing.pem") },
    { ...one, certFile: join(folder, "none.pem") },
    { ...one, keyFile: other.keyFile },
  ])
    assert.throws(() => openListener(files, () => {}, log), /AURAOS_TLS_CERT and AURAOS_TLS_KEY/);
});
