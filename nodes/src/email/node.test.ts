import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import type { Item, JsonObject } from "@auraos/kernel";
import { ActivityError } from "../defineNode.ts";
import { failureOf, firstOf, runNode, testContext } from "../testing.ts";
import { emailNode } from "./node.ts";
import { type MailServer, type Manners, mailServer } from "./testing/mailServer.ts";

const servers: { close(): void }[] = [];
after(() => {
  for (const server of servers) server.close();
});

async function startMailServer(manners: Manners = {}): Promise<MailServer> {
  const server = await mailServer(manners);
  servers.push(server);
  return server;
}

const mail = {
  from: '"Shop" <shop@example.com>',
  to: "ada@example.com",
  subject: "Grüße",
  text: "Hello\n.dot",
};
const send = (port: number, more: JsonObject = {}, item: Item = { json: {} }, context = {}) =>
  runNode(
    emailNode,
    { config: { host: "127.0.0.1", port, encryption: "none", ...mail, ...more }, items: [item] },
    context,
  );

describe("sending", () => {
  it("hands over the message, with the same id for every attempt", async () => {
    const { letters, port } = await startMailServer();
    const outputs = await send(port, {
      cc: ["bo@example.com"],
      bcc: "Secret <cy@example.com>",
      replyTo: "help@example.com",
    });
    await send(port);
    const { messageId, ...rest } = firstOf(outputs);
    assert.deepEqual(rest, {
      accepted: ["ada@example.com", "bo@example.com", "cy@example.com"],
      rejected: [],
      response: "250 queued as 7",
    });
    const [letter, again] = letters;
    assert.equal(letter?.from, "shop@example.com");
    assert.deepEqual(letter?.to, ["ada@example.com", "bo@example.com", "cy@example.com"]);
    const data = letter?.data ?? "";
    assert.match(data, /^Subject: =\?UTF-8\?Q\?Gr=C3=BC=C3=9Fe\?=/m);
    assert.match(data, /^\.dot$/m);
    assert.ok(!data.includes("cy@example.com"), "a hidden recipient is in no header");
    assert.ok(data.includes(`Message-ID: ${messageId}`) && again?.data.includes(String(messageId)));
    assert.match(String(messageId), /^<[0-9a-f]{40}@example\.com>$/);
  });

  it("signs in, and attaches files", async () => {
    const { letters, port } = await startMailServer();
    const context = testContext();
    const file = await context.blobs.put(Buffer.from("a,b"), { name: "orders.csv", mimeType: "text/csv" });
    const config = { auth: { user: "me", password: "right" }, attachments: ["report"], html: "<b>Hi</b>" };
    await send(port, config, { json: {}, files: { report: file } }, { blobs: context.blobs });
    assert.equal(letters[0]?.user, "me");
    assert.match(letters[0]?.data ?? "", /filename=orders.csv[\s\S]*YSxi/);
    assert.match((await failureOf(() => send(port, { attachments: ["none"] }))).message, /no file "none"/);
  });
});

describe("what goes wrong", () => {
  it("is certain when the server refused", async () => {
    const { port } = await startMailServer({ refuse: () => "550 unknown here" });
    const unknown = await failureOf(() => send(port));
    assert.deepEqual([unknown.code, unknown.certainty, unknown.retryable], ["SMTP_550", "notDone", false]);
    const later = await startMailServer({ onData: "451 try later" });
    const temporary = await failureOf(() => send(later.port));
    assert.deepEqual(
      [temporary.code, temporary.certainty, temporary.retryable],
      ["SMTP_451", "notDone", true],
    );
    const auth = await failureOf(() => send(later.port, { auth: { user: "me", password: "wrong-secret" } }));
    assert.deepEqual([auth.code, auth.class, auth.certainty], ["MAIL_AUTH", "auth", "notDone"]);
    assert.ok(!JSON.stringify(auth).includes("wrong-secret"));
  });

  it("is open when the connection broke as the message went over", async () => {
    const { port } = await startMailServer({ onData: "drop" });
    const failure = await failureOf(() => send(port));
    assert.deepEqual([failure.code, failure.certainty], ["MAIL_CONNECTION", "unknown"]);
  });

  it("tells of recipients that were refused while others were not", async () => {
    const { port, letters } = await startMailServer({
      refuse: (to) => (to.startsWith("no") ? "550 no" : undefined),
    });
    const { accepted, rejected } = firstOf(await send(port, { to: "ada@example.com, no@example.com" }));
    assert.deepEqual([accepted, rejected, letters.length], [["ada@example.com"], ["no@example.com"], 1]);
  });

  it("sends nothing without the encryption that was asked for", async () => {
    const { port, letters } = await startMailServer();
    const failure = await failureOf(() =>
      send(port, { encryption: "startTls", auth: { user: "me", password: "right" } }),
    );
    assert.deepEqual([failure.code, failure.certainty, letters.length], ["MAIL_TLS", "notDone", 0]);
  });

  it("goes only where the workflow may go, and ends when it is stopped", async () => {
    const { port } = await startMailServer({ hang: true });
    const addressOf = async () => {
      throw new ActivityError({
        code: "ADDRESS_REFUSED",
        class: "client",
        message: "no",
        certainty: "notDone",
      });
    };
    assert.equal(
      (await failureOf(() => send(port, {}, { json: {} }, { addressOf }))).code,
      "ADDRESS_REFUSED",
    );
    const signal = AbortSignal.timeout(50);
    assert.equal((await failureOf(() => send(port, {}, { json: {} }, { signal }))).code, "CANCELLED");
    assert.equal((await failureOf(() => send(1))).code, "MAIL_CONNECTION");
    assert.equal((await failureOf(() => send(port, { timeoutSeconds: 0.05 }))).code, "MAIL_TIMEOUT");
  });

  it("is found in the addresses before anything is sent", async () => {
    for (const to of ["not an address", "a@b, c", "a@b.c\r\nBcc: x@y.z"]) {
      assert.equal((await failureOf(() => send(1, { to }))).field, "to", to);
    }
    assert.equal((await failureOf(() => send(1, { from: "a@b.c, d@e.f" }))).field, "from");
    assert.equal(
      emailNode.checkConfig?.({ ...emailNode.example, text: undefined as never })[0]?.field,
      "text",
    );
  });
});
