import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { failureOf, firstOf, runNode, testContext } from "../../testing.ts";
import { completion, hang, json, refuse, says, startStandIn, truncated } from "../testing/standIn.ts";
import { aiChat } from "./node.ts";

const server = await startStandIn();
after(() => server.close());

const canary = "sk-canary-4f9d2b7c81e05a36";
const base = { baseUrl: server.url, model: "small", apiKey: canary, prompt: "Hello?" };
const chat = (config: JsonObject = {}) => runNode(aiChat, { config: { ...base, ...config } });
const failure = (config: JsonObject = {}) => failureOf(() => chat(config));
const prices = { inputPerMillion: 2, outputPerMillion: 8 };

describe("an answer", () => {
  it("comes with tokens, cost, model and the reason why it ended", async () => {
    server.play(says("Good day."));
    const json = firstOf(
      await chat({ system: "Be kind.", temperature: 0.2, maxTokens: 50, prices, extra: { top_p: 0.9 } }),
    );
    assert.deepEqual(json, {
      text: "Good day.",
      usage: { inputTokens: 20, outputTokens: 5, calls: 1, cost: 0.00008 },
      model: "small-2025-01-01",
      finishReason: "stop",
    });
    const [seen] = server.seen;
    assert.equal(seen?.headers.authorization, `Bearer ${canary}`);
    assert.deepEqual(seen?.body, {
      top_p: 0.9,
      model: "small",
      messages: [
        { role: "system", content: "Be kind." },
        { role: "user", content: "Hello?" },
      ],
      temperature: 0.2,
      max_tokens: 50,
    });
  });

  it("goes on with a conversation", async () => {
    server.play(says("Bern."));
    const messages = [
      { role: "user", content: "Capital of France?" },
      { role: "assistant", content: "Paris." },
    ];
    await chat({ messages, prompt: "And of Switzerland?" });
    assert.deepEqual(server.seen[0]?.body.messages, [
      ...messages,
      { role: "user", content: "And of Switzerland?" },
    ]);
    const { prompt: _, ...rest } = base;
    const alone = await failureOf(() => runNode(aiChat, { config: { ...rest, system: "x" } }));
    assert.deepEqual([alone.code, alone.field], ["PARAM_INVALID", "prompt"]);
  });

  it("that was cut says so, and one that is empty because it was cut is none", async () => {
    server.play(says("Once upon", { finish_reason: "length" }));
    assert.equal(firstOf(await chat()).finishReason, "length");
    server.play(completion({ finish_reason: "length" }));
    const { code, field, detail } = await failure({ maxTokens: 7, prices });
    assert.deepEqual([code, field], ["AI_CUT_OFF", "maxTokens"]);
    assert.deepEqual(detail, { usage: { inputTokens: 20, outputTokens: 5, calls: 1, cost: 0.00008 } });
  });

  it("is estimated where the server counts nothing", async () => {
    server.play(says("Good day.", { usage: null }));
    const usage = firstOf(await chat({ prices })).usage as JsonObject;
    assert.equal(usage.estimated, true);
    assert.ok(Number(usage.inputTokens) > 5 && Number(usage.outputTokens) > 2 && Number(usage.cost) > 0);
  });

  it("may come in parts, and from a server that wants no key", async () => {
    server.play(
      completion({
        message: {
          content: [
            { type: "text", text: "Good " },
            { type: "text", text: "day." },
          ],
        },
      }),
    );
    const { apiKey: _, ...keyless } = base;
    assert.equal(firstOf(await runNode(aiChat, { config: keyless })).text, "Good day.");
    assert.equal(server.seen[0]?.headers.authorization, undefined);
    assert.equal(firstOf(await chat({ apiKey: null })).text, "Good day.");
  });
});

describe("a failure", () => {
  it("is a missing key, with a remedy, before anything is sent", async () => {
    const noKey = { baseUrl: "https://api.openai.com/v1", apiKey: null };
    const { code, class: kind, remedy, field, certainty } = await failure(noKey);
    assert.deepEqual([code, kind, field, certainty], ["AI_KEY_MISSING", "auth", "apiKey", "notDone"]);
    assert.match(remedy ?? "", /apiKey.*baseUrl/);
    assert.equal((await failure({ ...noKey, apiKey: "" })).code, "AI_KEY_MISSING");
    const [problem] = aiChat.checkConfig?.({ model: "m", prompt: "p" }) ?? [];
    assert.deepEqual([problem?.code, problem?.field], ["AI_KEY_MISSING", "apiKey"]);
  });

  const rows: [string, ReturnType<typeof refuse>, string, string, boolean, string, number?][] = [
    [
      "a wrong key",
      refuse(401, { message: `Incorrect API key provided: ${canary}.`, code: "invalid_api_key" }),
      "AI_KEY_INVALID",
      "auth",
      false,
      "notDone",
    ],
    ["403", refuse(403, { message: "No access" }), "AI_FORBIDDEN", "auth", false, "notDone"],
    [
      "an unknown model",
      refuse(404, { message: "The model `small` does not exist", code: "model_not_found" }),
      "AI_NOT_FOUND",
      "client",
      false,
      "notDone",
    ],
    [
      "an error that is only text",
      refuse(404, "model not found"),
      "AI_NOT_FOUND",
      "client",
      false,
      "notDone",
    ],
    [
      "429 with seconds",
      refuse(429, { message: "Rate limit reached" }, { "retry-after": "20" }),
      "AI_RATE_LIMITED",
      "rateLimited",
      true,
      "notDone",
      20_000,
    ],
    [
      "429 with milliseconds",
      refuse(429, { message: "Rate limit reached" }, { "retry-after": "1", "retry-after-ms": "640" }),
      "AI_RATE_LIMITED",
      "rateLimited",
      true,
      "notDone",
      640,
    ],
    ["429 without a time", refuse(429, {}), "AI_RATE_LIMITED", "rateLimited", true, "notDone"],
    [
      "no money left",
      refuse(429, { message: "You exceeded your current quota", code: "insufficient_quota" }),
      "AI_QUOTA",
      "limit",
      false,
      "notDone",
    ],
    ["500", refuse(500, { message: "oops" }), "AI_SERVER", "server", true, "unknown"],
    [
      "503 with a time",
      json(503, "<html>overloaded</html>", { "retry-after": "3" }),
      "AI_SERVER",
      "server",
      true,
      "unknown",
      3000,
    ],
    [
      "a text that is too long",
      refuse(400, { message: "too long", code: "context_length_exceeded" }),
      "AI_TOO_LONG",
      "limit",
      false,
      "notDone",
    ],
    [
      "the same from llama.cpp",
      refuse(400, { code: 400, message: "request exceeds the context", type: "exceed_context_size_error" }),
      "AI_TOO_LONG",
      "limit",
      false,
      "notDone",
    ],
    [
      "the same in words only",
      refuse(400, { message: "This model's maximum context length is 4096 tokens." }),
      "AI_TOO_LONG",
      "limit",
      false,
      "notDone",
    ],
    [
      "a content filter before the model",
      refuse(400, { message: "filtered", code: "content_filter" }),
      "AI_REFUSED",
      "data",
      false,
      "notDone",
    ],
    [
      "a wrong parameter",
      refuse(400, { message: "Unsupported value: 'temperature'", param: "temperature" }),
      "AI_HTTP_400",
      "client",
      false,
      "notDone",
    ],
    ["a redirect", json(307, "", { location: "/elsewhere" }), "AI_HTTP_307", "client", false, "notDone"],
    [
      "a refusal",
      completion({ message: { refusal: "I cannot help with that." } }),
      "AI_REFUSED",
      "data",
      false,
      "notDone",
    ],
    [
      "a content filter after the model",
      says("Half an ans", { finish_reason: "content_filter" }),
      "AI_REFUSED",
      "data",
      false,
      "notDone",
    ],
    ["JSON that is none", json(200, '{"choices": ['), "AI_MALFORMED", "data", true, "unknown"],
    [
      "a page instead",
      json(200, "<html>hello</html>", { "content-type": "text/html" }),
      "AI_MALFORMED",
      "data",
      true,
      "unknown",
    ],
    ["nothing at all", json(200, ""), "AI_MALFORMED", "data", true, "unknown"],
    ["204", (response) => void response.writeHead(204).end(), "AI_MALFORMED", "data", true, "unknown"],
    ["no choices", json(200, { choices: [] }), "AI_MALFORMED", "data", true, "unknown"],
    [
      "an error with status 200",
      json(200, { error: { message: "upstream failed" } }),
      "AI_MALFORMED",
      "data",
      true,
      "unknown",
    ],
    ["a message without content", completion({}), "AI_MALFORMED", "data", true, "unknown"],
    [
      "tool calls without a name",
      completion({ message: { tool_calls: [{ id: "1" }] } }),
      "AI_MALFORMED",
      "data",
      true,
      "unknown",
    ],
  ];
  for (const [name, reply, code, kind, retryable, certainty, retryAfterMs] of rows) {
    it(`is told by ${name}: ${code}`, async () => {
      server.play(reply);
      const found = await failure();
      assert.deepEqual(
        [found.code, found.class, found.retryable ?? false, found.certainty, found.retryAfterMs],
        [code, kind, retryable, certainty, retryAfterMs],
      );
      assert.ok(found.remedy, "has a remedy");
      assert.equal(server.seen.length, 1, "the client does not retry by itself");
      assert.ok(!JSON.stringify(found).includes(canary));
    });
  }

  it("may be time, the network, or an answer that breaks off", async () => {
    server.play(hang);
    const late = await failure({ timeoutSeconds: 0.05 });
    assert.deepEqual([late.code, late.class, late.retryable], ["TIMEOUT", "timeout", true]);
    server.play(truncated);
    assert.equal((await failure()).class, "network");
    const closed = await startStandIn();
    closed.close();
    const refused = await failure({ baseUrl: closed.url });
    assert.deepEqual([refused.class, refused.certainty], ["network", "notDone"]);
  });

  it("is no failure of the node when the execution is cancelled", async () => {
    server.play(hang);
    const stop = new AbortController();
    const running = runNode(aiChat, { config: base }, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error("cancelled here")), 20);
    await assert.rejects(running, /cancelled here/);
  });

  it("names the field that is wrong", async () => {
    const rows: [JsonObject, string][] = [
      [{ baseUrl: "ftp://x" }, "baseUrl"],
      [{ baseUrl: "http://user:pass@127.0.0.1/v1" }, "baseUrl"],
      [{ extra: { messages: [] } }, "extra.messages"],
      [{ temperature: 3 }, "temperature"],
    ];
    for (const [config, field] of rows) {
      const found = await failure(config);
      assert.deepEqual([found.code, found.field], ["PARAM_INVALID", field]);
    }
  });
});

describe("the key", () => {
  it("appears nowhere, also when the server repeats it or it is broken", async () => {
    const logs: unknown[] = [];
    const log = (...line: unknown[]) => logs.push(line);
    const run = (config: JsonObject) => runNode(aiChat, { config: { ...base, ...config } }, { log });
    server.play(says(`Your key is ${canary}.`));
    const outputs = await run({});
    assert.equal(firstOf(outputs).text, "Your key is (hidden).");
    server.play(json(200, `no JSON ${canary}`, { "content-type": "text/plain" }));
    const malformed = await failureOf(() => run({}));
    server.play(refuse(400, { message: `${"x".repeat(290)} ${canary}` }));
    const cut = await failureOf(() => run({}));
    server.play(refuse(500, { message: canary, code: canary }));
    const broken = await failureOf(() => run({}));
    const [line, odd] = [
      await failureOf(() => run({ apiKey: `${canary}\n` })),
      await failureOf(() => run({ apiKey: `${canary}ü` })),
    ];
    assert.deepEqual([line.code, line.field], ["PARAM_INVALID", "apiKey"]);
    const all = JSON.stringify([outputs, malformed, cut, broken, line, odd, logs]);
    assert.ok(!all.includes(canary) && !all.includes(canary.slice(0, 12)));
  });

  it("and nothing else of this process's environment reaches the server", async () => {
    const names = [
      "OPENAI_API_KEY",
      "OPENAI_ADMIN_KEY",
      "OPENAI_ORG_ID",
      "OPENAI_PROJECT_ID",
      "OPENAI_BASE_URL",
    ];
    for (const name of names) process.env[name] = "http://of-the-operator.example/";
    process.env.OPENAI_CUSTOM_HEADERS = "x-operator: of-the-operator";
    try {
      server.play(says("Hello."));
      const { apiKey: _, ...keyless } = base;
      await runNode(aiChat, { config: keyless });
      assert.ok(!JSON.stringify(server.seen).includes("of-the-operator"));
      const openAi = { ...keyless, baseUrl: "https://api.openai.com/v1" };
      assert.equal((await failureOf(() => runNode(aiChat, { config: openAi }))).code, "AI_KEY_MISSING");
    } finally {
      for (const name of [...names, "OPENAI_CUSTOM_HEADERS"]) delete process.env[name];
    }
  });
});

it("asks OpenAI itself with the newer name of the bound", async () => {
  let sent = "";
  const http = {
    request: async (request: { url: string; body?: string | Uint8Array }) => {
      sent = `${request.url} ${String(request.body)}`;
      return {
        status: 200,
        headers: { "content-type": "application/json" },
        body: Buffer.from("{}"),
        url: "",
      };
    },
  };
  const config = { ...base, baseUrl: "https://api.openai.com/v1/", maxTokens: 9 };
  await failureOf(() => runNode(aiChat, { config }, { ...testContext(), http }));
  assert.match(sent, /^https:\/\/api\.openai\.com\/v1\/chat\/completions .*"max_completion_tokens":9/);
});
