// Asks the service whether a call with an unknown outcome was carried out, instead of carrying it out again.
//
//   2xx, and something there     done, with what was found as the result
//   404, 410, or nothing there   not done: the call may be repeated
//   anything else                unknown: a person decides
import type { Json } from "@auraos/kernel";
import type { ActivityCall, ActivityContext, Confirmation } from "../defineNode.ts";
import { getPath } from "../paths.ts";
import { pathField, z } from "../schema.ts";
import { type HttpConfig, httpSchemaFields } from "./config.ts";
import { readReply } from "./reply.ts";
import { buildRequest } from "./request.ts";
import { send } from "./send.ts";

export const confirmField = z
  .strictObject({
    url: z.string().min(1).describe("Address to GET. 404 and 410 mean that the call was not carried out."),
    query: httpSchemaFields.query,
    foundField: pathField(
      "Where the reply tells what was found; nothing there, or an empty list, means that it was not carried out. Default: any reply of 2xx means that it was.",
    ).optional(),
  })
  .optional()
  .describe(
    "How to ask whether a call was carried out when its outcome is unknown (a lost connection, a crash). Without it, a call that must not be repeated waits for a person then.",
  );

export async function confirmCall(
  config: HttpConfig,
  asked: NonNullable<z.output<typeof confirmField>>,
  call: ActivityCall,
  context: ActivityContext,
): Promise<Confirmation> {
  const { body: _body, query: _query, paging: _paging, ...rest } = config;
  const question: HttpConfig = {
    ...rest,
    ...{ method: "GET", url: asked.url, bodyType: "json", failOnStatus: false, response: "auto" },
    ...(asked.query === undefined ? {} : { query: asked.query }),
  };
  const request = await buildRequest(question, call, context);
  const response = await send(request, question, call, context);
  if (response.status === 404 || response.status === 410) return { outcome: "notDone" };
  if (response.status < 200 || response.status > 299) return { outcome: "unknown" };
  const { body, status, headers } = await readReply(response, question, "GET", context);
  const found = first(asked.foundField === undefined ? (body ?? {}) : getPath(body, asked.foundField));
  if (found === undefined) return { outcome: "notDone" };
  const json = config.full ? { status, headers, body: found } : found;
  return { outcome: "done", outputs: { main: { items: [{ json }] } } };
}

/** Of a list its first element: that is the one that was asked for. */
function first(found: Json | undefined): Json | undefined {
  const one = Array.isArray(found) ? found[0] : found;
  return one === null || one === false ? undefined : one;
}
