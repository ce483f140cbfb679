// The list of workflows with limits: what is paused first, then the newest, page by page.
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { runningServer } from "../testing/runningServer.ts";

const { call } = await runningServer({ after });

async function limited(name: string, paused: boolean): Promise<string> {
  const made = await call("POST", "/api/v1/workflows?publish=false", { name, nodes: [], connections: [] });
  assert.equal(made.status, 201, made.text);
  const put = await call("PUT", `/api/v1/workflows/${made.json.id}/limits`, { dailyMax: 5, paused });
  assert.equal(put.status, 200, put.text);
  return made.json.id;
}

async function page(query: string): Promise<{ names: string[]; next: string | undefined }> {
  const { status, json, text } = await call("GET", `/api/v1/limits?${query}`);
  assert.equal(status, 200, text);
  return {
    names: json.items.map(({ workflowName }: { workflowName: string }) => workflowName),
    next: json.next,
  };
}

async function pages(limit: number): Promise<string[][]> {
  const all: string[][] = [];
  for (let next: string | undefined = ""; next !== undefined; ) {
    const one = await page(`limit=${limit}${next && `&after=${next}`}`);
    all.push(one.names);
    next = one.next;
  }
  return all;
}

test("what is paused comes first, then the newest; every page goes on where the one before ended", async () => {
  const ids: Record<string, string> = {};
  for (const name of ["a", "b paused", "c", "d paused", "e", "f paused", "gone"])
    ids[name] = await limited(name, name.endsWith("paused"));
  await call("DELETE", `/api/v1/workflows/${ids.gone}`);
  const all = ["f paused", "d paused", "b paused", "e", "c", "a"];
  assert.deepEqual(await pages(2), [all.slice(0, 2), all.slice(2, 4), all.slice(4)]);
  assert.deepEqual(await pages(6), [all]);

  // What was seen last is resumed before the next page is asked for: nothing is left out.
  const first = await page("limit=2");
  await call("PUT", `/api/v1/workflows/${ids["d paused"]}/limits`, { dailyMax: 5 });
  const second = await page(`limit=9&after=${first.next}`);
  assert.deepEqual(second.names, ["b paused", "e", "d paused", "c", "a"]);

  for (const wrong of ["nonsense", Buffer.from(ids.a ?? "").toString("base64url")]) {
    const refused = await call("GET", `/api/v1/limits?after=${wrong}`);
    assert.deepEqual([refused.status, refused.json.code], [400, "CURSOR_INVALID"]);
  }
});
