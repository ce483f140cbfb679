// Which variables a definition is taken to read: never fewer than it can.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { WorkflowDefinition } from "@auraos/kernel";
import { namesIn } from "./namesIn.ts";

const reading = (...texts: string[]) =>
  namesIn({
    name: "w",
    nodes: [{ id: "a", config: { deep: [{ texts }] } }],
  } as unknown as WorkflowDefinition);

test("plain reads are told by their names", () => {
  assert.deepEqual(
    reading("{{ $vars.region }}-{{ $vars?.zone_2.x }}", "{{ $vars . a }} {{ $json.vars }}"),
    new Set(["region", "zone_2", "a"]),
  );
  assert.deepEqual(reading("no expression", "{{ $varsity }}"), new Set());
});

test("whatever else is done with them means all", () => {
  for (const text of [
    "{{ $vars }}",
    '{{ $vars["region"] }}',
    "{{ Object.keys($vars) }}",
    "{{ $vars /* */ .region }}",
    "{{ $vars.größe }}",
    "{{ $vars.$a }}",
    "{{ $v\\u0061rs.region }}",
    "{{ $vars.reg\\u0069on }}",
  ])
    assert.equal(reading("{{ $vars.region }}", text), "all", text);
});
