import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { isObject, type JsonObject } from "@auraos/kernel";
import { failureOf, firstOf, runNode } from "../../testing.ts";
import { type Reply, refuse, type Seen, says, startStandIn } from "../testing/standIn.ts";
import { chunksOf } from "./chunks.ts";
import { aiSummarise } from "./node.ts";

const server = await startStandIn();
after(() => server.close());

const base = { baseUrl: server.url, model: "small" };
const sum = async (config: JsonObject) =>
  firstOf(await runNode(aiSummarise, { config: { ...base, ...config } }));
const contents = ({ body: { messages } }: Seen): string[] =>
  Array.isArray(messages) ? messages.map((one) => String(isObject(one) ? one.content : "")) : [];
const long = Array.from({ length: 20 }, (_, n) => `Paragraph ${n}. ${"Words go on. ".repeat(12)}`).join(
  "\n\n",
);

describe("a summary", () => {
  it("of a short text takes one call", async () => {
    server.play(says("Short."));
    const result = await sum({
      text: "A story.",
      style: "bullets",
      wordsMax: 30,
      language: "French",
      instructions: "Names first.",
    });
    assert.deepEqual([result.text, result.chunks, server.seen.length], ["Short.", 1, 1]);
    const [system, text] = contents(server.seen[0] as Seen);
    assert.match(system ?? "", /at most 30 words, as a list of points.*in French.*Names first\./s);
    assert.equal(text, "A story.");
  });

  it("of a long text is made of summaries of its pieces, in order, with all tokens counted", async () => {
    const reply: Reply = (response, seen) => {
      const part = /part (\d+) of/.exec(contents(seen)[0] ?? "")?.[1];
      // The earlier pieces answer later.
      setTimeout(
        () => says(part ? `Sum of ${part}.` : "Whole.")(response, seen),
        part ? 40 - Number(part) * 5 : 0,
      );
    };
    server.play(reply);
    const result = await sum({ text: long, chunkCharacters: 700 });
    const count = Number(result.chunks);
    assert.ok(count >= 5 && count <= 10);
    assert.equal(result.text, "Whole.");
    assert.deepEqual(result.usage, {
      inputTokens: 20 * (count + 1),
      outputTokens: 5 * (count + 1),
      calls: count + 1,
    });
    const last = contents(server.seen.at(-1) as Seen)[1];
    assert.equal(last, Array.from({ length: count }, (_, n) => `Sum of ${n + 1}.`).join("\n\n"));
  });

  it("takes more rounds where the summaries are long themselves, and not for ever", async () => {
    const reply: Reply = (response, seen) => {
      const [system = "", text = ""] = contents(seen);
      says(system.includes("part") ? text.slice(0, text.length / 2) : "Whole.")(response, seen);
    };
    server.play(reply);
    assert.equal((await sum({ text: long, chunkCharacters: 900 })).text, "Whole.");
    server.play((response, seen) => says(contents(seen)[1] ?? "")(response, seen));
    const found = await failureOf(() => sum({ text: long, chunkCharacters: 700 }));
    assert.deepEqual([found.code, found.retryable ?? false], ["AI_TOO_LONG", false]);
    assert.ok(server.seen.length <= 12);
  });

  it("costs nothing where the text has more pieces than allowed, or none", async () => {
    server.play(says("x"));
    const found = await failureOf(() => sum({ text: long, chunkCharacters: 500, chunksMax: 3 }));
    assert.deepEqual([found.code, found.class, found.field], ["AI_TOO_LONG", "limit", "text"]);
    assert.equal((await failureOf(() => sum({ text: " \n " }))).code, "DATA_INVALID");
    assert.equal(server.seen.length, 0);
  });

  it("is not made of what failed or was cut", async () => {
    server.play(says("a"), refuse(500, { message: "down" }), says("b"));
    const found = await failureOf(() => sum({ text: long, chunkCharacters: 1500 }));
    assert.equal(found.code, "AI_SERVER");
    assert.ok(Number(((found.detail as JsonObject).usage as JsonObject).calls) >= 1);
    server.play(says("half", { finish_reason: "length" }));
    assert.equal((await failureOf(() => sum({ text: "A story." }))).code, "AI_CUT_OFF");
  });
});

describe("pieces", () => {
  it("lose nothing, keep to their size, and end where the text allows", () => {
    const pieces = chunksOf(long, 700);
    assert.ok(pieces.every((piece) => piece.length <= 700 && piece.startsWith("Paragraph")));
    assert.equal(pieces.join("").replace(/\s/g, ""), long.replace(/\s/g, ""));
    assert.deepEqual(chunksOf("One two. Three four. Five", 22), ["One two. Three four.", "Five"]);
    assert.deepEqual(chunksOf("aaaa bbbb cccc", 10), ["aaaa bbbb", "cccc"]);
  });

  it("do not cut a character", () => {
    const pieces = chunksOf("😀".repeat(50), 7);
    assert.ok(pieces.every((piece) => piece === "😀".repeat(piece.length / 2)));
    assert.equal(pieces.join(""), "😀".repeat(50));
  });
});
