import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiError, errorOf, UNEXPECTED_ANSWER } from "./apiError.ts";
import { urlOf } from "./request.ts";

test("addresses are filled in, encoded, and carry only what is set", () => {
  assert.equal(
    urlOf("/api/v1/executions/:id/runs/:run/data", {
      params: { id: "x", run: "loop#3/charge" },
      query: { limit: 5, after: undefined, side: "" },
    }),
    "/api/v1/executions/x/runs/loop%233%2Fcharge/data?limit=5",
  );
  assert.equal(urlOf("/a", { query: { publish: false, force: true } }), "/a?publish=0&force=1");
});

test("a refusal keeps what a person needs to go on", async () => {
  const body = { status: 422, code: "WORKFLOW_INVALID", detail: "No.", remedy: "Do this.", requestId: "r1" };
  const error = await errorOf(Response.json(body, { status: 422 }));
  assert.ok(error instanceof ApiError);
  assert.deepEqual(
    [error.message, error.code, error.remedy, error.requestId, error.status],
    ["No.", "WORKFLOW_INVALID", "Do this.", "r1", 422],
  );
});

test("an answer that is not of this server is an error all the same", async () => {
  const page = new Response("<html>Bad gateway</html>", { status: 502, headers: { "x-request-id": "r2" } });
  const error = await errorOf(page);
  assert.deepEqual([error.status, error.code, error.requestId], [502, UNEXPECTED_ANSWER, "r2"]);
});
