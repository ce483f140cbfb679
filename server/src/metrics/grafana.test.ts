// The dashboard shows only what the server measures, and leaves out nothing of its own.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { createMetrics } from "./metrics.ts";

const file = join(import.meta.dirname, "../../../docs/grafana/auraos.json");
const dashboard = JSON.parse(readFileSync(file, "utf8")) as {
  panels: { title: string; targets?: { expr: string }[] }[];
};

test("every metric of the dashboard exists, and every one of ours is shown", async () => {
  const metrics = createMetrics(() => undefined);
  const known = new Map(
    (await metrics.registry.getMetricsAsJSON()).map(({ name, type }) => [name, String(type)]),
  );
  const shown = new Set<string>();
  for (const { title, targets } of dashboard.panels) {
    for (const { expr } of targets ?? []) {
      for (const [name] of expr.matchAll(/\bauraos_\w+/g)) {
        const base = known.has(name) ? name : name.replace(/_(bucket|sum|count)$/, "");
        assert.ok(known.has(base), `${title}: ${name}`);
        shown.add(base);
      }
    }
  }
  const own = [...known.keys()].filter((name) => !/^auraos_(process|nodejs)_/.test(name));
  for (const name of own) assert.ok(shown.has(name), `${name} is on no panel`);
});
