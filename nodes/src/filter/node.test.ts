import assert from "node:assert/strict";
import { it } from "node:test";
import type { JsonObject } from "@auraos/kernel";
import { evaluateNode, jsonOf } from "../testing.ts";
import { filterNode } from "./node.ts";

it("keeps what fits and drops the rest", () => {
  const config = (json: unknown) => ({
    conditions: [{ left: (json as JsonObject).status ?? null, operator: "in", right: ["new", "paid"] }],
  });
  const items = [{ status: "new" }, { status: "sent" }, { status: "paid" }, {}];
  assert.deepEqual(jsonOf(evaluateNode(filterNode, { config, items })), {
    main: [{ status: "new" }, { status: "paid" }],
  });
});
