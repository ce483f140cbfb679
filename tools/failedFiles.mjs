// A reporter for `node --test`: which files had a failed test, and the totals, as one JSON object (read by test.mjs).
import { relative } from "node:path";

export default async function* failedFiles(events) {
  const files = new Set();
  let passed = 0;
  let failed = 0;
  for await (const { type, data } of events) {
    // Files and suites are told as tests too; the totals of the spec reporter count neither.
    if (type === "test:fail" && data.file && data.details?.type !== "suite") {
      files.add(relative(process.cwd(), data.file));
    }
    if (type === "test:summary" && data.file === undefined) {
      passed = data.counts.passed;
      failed = data.counts.tests - data.counts.passed - data.counts.skipped - data.counts.todo;
    }
  }
  yield JSON.stringify({ files: [...files], passed, failed });
}
