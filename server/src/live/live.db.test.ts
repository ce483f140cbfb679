// The live stream, watched by clients that lose their connection again and again while work goes on: each turn
// arrives once and in order.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import type { LiveState, LiveTurn } from "@auraos/contract";
import { io, type Socket } from "socket.io-client";
import { runningServer, testKey, until } from "../testing/runningServer.ts";
import { hello, waitsForSignal } from "../testing/workflows.ts";

const server = await runningServer({ after });
const { call } = server;
const workflow = (await call("POST", "/api/v1/workflows", hello)).json.id as string;
const waiting = (await call("POST", "/api/v1/workflows", waitsForSignal)).json.id as string;

type To = { to: "execution" | "workflow" | "all"; id?: string };

/** A client as the web app is one: remembers its cursor and subscribes again with it. */
function watch(to: To) {
  const turns: LiveTurn[] = [];
  const states: LiveState[] = [];
  let cursor: string | undefined;
  let socket: Socket | undefined;
  const connect = () =>
    new Promise<void>((resolve, reject) => {
      socket = io(server.running.url, {
        auth: { key: testKey },
        transports: ["websocket"],
        forceNew: true,
        reconnection: false,
      });
      socket.on("connect_error", reject);
      socket.on("state", (state: LiveState) => {
        states.push(state);
        cursor = state.cursor;
      });
      socket.on("turn", (turn: LiveTurn) => {
        turns.push(turn);
        cursor = turn.cursor;
      });
      socket.on("connect", () => {
        const resumed = cursor === undefined ? {} : { cursor };
        socket?.emit(
          "subscribe",
          { ...to, ...resumed },
          (reply: { ok: boolean; problem?: { detail: string } }) =>
            reply.ok ? resolve() : reject(new Error(reply.problem?.detail)),
        );
      });
    });
  return { turns, states, connect, disconnect: () => socket?.disconnect() };
}

test("a client that is cut off during load misses nothing and sees nothing twice", async () => {
  const all = watch({ to: "all" });
  const one = watch({ to: "workflow", id: workflow });
  await all.connect();
  await one.connect();
  const before = server.running.deps.engine.status().offset;
  let isDone = false;
  const load = (async () => {
    for (let round = 0; round < 15; round += 1)
      await Promise.all(
        Array.from({ length: 20 }, () =>
          call("POST", `/api/v1/workflows/${workflow}/execute?wait=10`, { name: "x" }),
        ),
      );
    isDone = true;
  })();
  let cuts = 0;
  while (!isDone) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    for (const client of [all, one]) {
      client.disconnect();
      await client.connect();
      cuts += 1;
    }
  }
  await load;
  const total = server.running.deps.engine.status().offset - before;
  await until(async () => all.turns.length >= total && one.turns.length >= total);
  assert.ok(cuts >= 4, `${cuts} cuts`);
  for (const client of [all, one]) {
    const offsets = client.turns.map(({ offset }) => offset);
    assert.deepEqual(
      offsets,
      Array.from({ length: total }, (_, index) => before + 1 + index),
    );
    assert.equal(client.states.length, 1, "never thrown back to the state");
    client.disconnect();
  }
});

test("one execution: its whole history, then live, across a restart of the server", async () => {
  const { id } = (await call("POST", `/api/v1/workflows/${waiting}/execute`, {})).json;
  const client = watch({ to: "execution", id });
  await client.connect();
  await until(async () => client.turns.length > 0);
  assert.equal(client.states[0]?.executions[0]?.executionId, id);
  client.disconnect();
  await server.restart();
  await call("POST", `/api/v1/executions/${id}/signal`, { name: "paid" });
  await client.connect();
  await until(async () => client.turns.some(({ facts }) => facts.some(({ t }) => t === "ExecutionFinished")));
  const seqs = client.turns.map(({ seq }) => seq);
  assert.deepEqual(
    seqs,
    Array.from({ length: seqs.length }, (_, index) => index + 1),
  );
  client.disconnect();
});

test("a cursor of an earlier life gives the state and goes on", async () => {
  const client = watch({ to: "all" });
  await client.connect();
  client.disconnect();
  await server.restart();
  await client.connect();
  assert.equal(client.states.length, 2);
  await call("POST", `/api/v1/workflows/${workflow}/execute?wait=10`, { name: "x" });
  await until(async () => client.turns.length > 0);
  client.disconnect();
});

test("without a key, with a foreign origin, or for nothing sensible there is no stream", async () => {
  const refused = (options: object) =>
    new Promise<string>((resolve) => {
      const socket = io(server.running.url, {
        transports: ["websocket"],
        forceNew: true,
        reconnection: false,
        ...options,
      });
      socket.on("connect", () => {
        socket.disconnect();
        resolve("connected");
      });
      socket.on("connect_error", (error) => resolve(error.message));
    });
  assert.match(await refused({ auth: { key: "wrong" } }), /not known/);
  assert.match(await refused({}), /no key/);
  assert.notEqual(
    await refused({ auth: { key: testKey }, extraHeaders: { origin: "https://evil.example" } }),
    "connected",
  );
  const client = watch({ to: "execution" });
  await assert.rejects(client.connect(), /subscription/);
  client.disconnect();
});

test("server-sent events tell the same", async () => {
  const controller = new AbortController();
  const response = await fetch(`${server.running.url}/api/v1/live?workflow=${workflow}`, {
    headers: { authorization: `Bearer ${testKey}` },
    signal: controller.signal,
  });
  assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
  const started = call("POST", `/api/v1/workflows/${workflow}/execute?wait=10`, { name: "x" });
  let text = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk;
    if (text.includes("event: turn")) break;
  }
  controller.abort();
  await started;
  assert.match(text, /^event: state\nid: /);
  assert.match(text, /ExecutionFinished/);
  assert.equal((await call("GET", "/api/v1/live", undefined, { authorization: "" })).status, 401);
});
