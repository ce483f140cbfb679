import assert from "node:assert/strict";
import { it } from "node:test";
import type { Item, Json } from "@auraos/kernel";
import { runNode } from "../testing.ts";
import { capped, codeNode } from "./node.ts";

const file = { blob: "known", name: "a.txt", mimeType: "text/plain", bytes: 1 };
const items: Item[] = [{ json: { a: 1 }, files: { data: file } }];

async function resultItems(result: Json | undefined): Promise<Item[] | undefined> {
  const code = { run: async () => ({ result, logs: ["seen"] }) };
  return (await runNode(codeNode, { config: { code: "…" }, items }, { code })).main?.items;
}

it("makes items of what the code gives", async () => {
  assert.deepEqual(await resultItems({ b: 2 }), [{ json: { b: 2 } }]);
  assert.deepEqual(await resultItems([1, { json: { c: 3 } }, { json: 1, b: 2 }]), [
    { json: 1 },
    { json: { c: 3 } },
    { json: { json: 1, b: 2 } },
  ]);
  assert.deepEqual(await resultItems(undefined), []);
  assert.deepEqual(await resultItems(null), []);
});

it("lets files pass, but only those the code was given", async () => {
  const forged = { ...file, blob: "another tenant's" };
  assert.deepEqual(await resultItems({ json: {}, files: { data: file, other: forged } }), [
    { json: {}, files: { data: file } },
  ]);
});

it("runs in the sandbox with recorded time and chance", async () => {
  const logged: string[] = [];
  let asked: unknown;
  const code = {
    run: async ({ signal, ...request }: { signal: AbortSignal }) => {
      asked = request;
      assert.equal(signal.aborted, false);
      return { result: null, logs: ["one", "two"] };
    },
  };
  const config = { code: "return 1 as number;", language: "typescript" };
  await runNode(codeNode, { config, items: [{ a: 1 }] }, { code, log: (line) => logged.push(line) });
  assert.deepEqual(asked, { ...config, items: [{ json: { a: 1 } }], nowMs: 1_767_225_600_000, seed: "seed" });
  assert.deepEqual(logged, ["one", "two"]);
});

it("records what it wrote, capped, and nothing when it wrote nothing", async () => {
  const recorded: unknown[] = [];
  const code = { run: async () => ({ result: null, logs: ["one"] }) };
  const record = async (step: number, entry: unknown) => void recorded.push([step, entry]);
  await runNode(codeNode, { config: { code: "…" }, items }, { code, record });
  await runNode(codeNode, { config: { code: "…" }, items }, { code: silent, record });
  assert.deepEqual(recorded, [[0, { logs: ["one"] }]]);
  assert.deepEqual(capped(["a", "b"]), ["a", "b"]);
  assert.equal(capped(Array.from({ length: 500 }, () => "x")).at(-1), "(300 more)");
  assert.deepEqual(capped(["a", "x".repeat(20_000), "b"]), ["a", "(2 more)"]);
});

const silent = { run: async () => ({ result: null, logs: [] }) };
