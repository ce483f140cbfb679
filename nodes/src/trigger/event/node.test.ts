import assert from "node:assert/strict";
import { it } from "node:test";
import { eventTrigger } from "./node.ts";

const check = eventTrigger.checkConfig ?? (() => []);

it("needs a type, and what its flow is counted by", () => {
  assert.deepEqual(check({ types: ["order.created"] }), []);
  assert.equal(check({})[0]?.code, "FIELD_MISSING");
  assert.equal(check({ types: ["a"], flow: "debounce" })[0]?.field, "quietSeconds");
  assert.deepEqual(
    check({ types: ["a"], flow: "throttle" }).map(({ field }) => field),
    ["limit", "perSeconds"],
  );
  assert.deepEqual(check({ types: ["a"], flow: "batch", size: 2, waitSeconds: 1 }), []);
});

it("has templates only where there is an event to look at", () => {
  assert.deepEqual(check({ types: ["a"], filter: "{{ $json.data.x > 1 }}", key: "{{ $json.subject }}" }), []);
  assert.equal(check({ types: ["{{ $json.x }}"], flow: "each" }).length <= 1, true);
});
