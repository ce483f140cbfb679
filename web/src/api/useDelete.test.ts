// With the real cache and an observer that stands for the open sheet: how often is the server asked for what is gone?
import assert from "node:assert/strict";
import { test } from "node:test";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { deleteShown, isAskedFor } from "./useDelete.ts";

function shownThing(id: string) {
  const client = new QueryClient({ defaultOptions: { queries: { enabled: isAskedFor, retry: false } } });
  const asked: string[] = [];
  const show = (name: string, key: readonly string[]) =>
    new QueryObserver(client, {
      queryKey: key,
      queryFn: () => {
        asked.push(name);
        return name;
      },
    }).subscribe(() => {});
  const [one, list] = [
    ["things", "one", id],
    ["things", "list"],
  ] as const;
  const close = show("one", one);
  show("list", list);
  return { client, asked, close, one, show };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test("while it is deleted and afterwards only the list is asked again, whatever calls for all of it", async () => {
  const { client, asked, close, one, show } = shownThing("a");
  const uses = show("uses", [...one, "uses"]);
  await settled();
  asked.length = 0;
  await deleteShown(client, {
    shown: one,
    changed: ["things"],
    run: async () => {
      // As the live stream does, before the answer is here.
      await client.invalidateQueries({ queryKey: ["things"] });
      assert.deepEqual(asked, ["list"]);
    },
  });
  await client.invalidateQueries({ queryKey: ["things"] });
  assert.deepEqual(asked, ["list", "list", "list"]);
  assert.equal(client.getQueryData(one), "one", "what is still open keeps what it shows");
  close();
  uses();
  await settled();
  assert.equal(client.getQueryData(one), undefined);
});

test("once nothing shows it any more its address is asked for like any other", async () => {
  const { client, asked, close, one, show } = shownThing("b");
  await settled();
  await deleteShown(client, { shown: one, changed: ["things"], run: async () => {}, onGone: close });
  asked.length = 0;
  show("one", one);
  await settled();
  assert.deepEqual(asked, ["one"]);
});

test("a refusal leaves it there, and it is read anew", async () => {
  const { client, asked, one } = shownThing("c");
  await settled();
  asked.length = 0;
  let isClosed = false;
  const run = () => Promise.reject(new Error("in use"));
  const onGone = () => {
    isClosed = true;
  };
  await assert.rejects(deleteShown(client, { shown: one, changed: ["things"], run, onGone }), /in use/);
  await settled();
  assert.deepEqual([asked, isClosed], [["one"], false]);
});

test("of its neighbours only the one that is deleted is left out", async () => {
  const { client, asked, show } = shownThing("d");
  show("other", ["things", "one", "e"]);
  await settled();
  asked.length = 0;
  await deleteShown(client, { shown: ["things", "one", "d"], changed: ["things"], run: async () => {} });
  assert.deepEqual(asked.sort(), ["list", "other"]);
});
