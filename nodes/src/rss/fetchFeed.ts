// A feed, fetched and read: for the node that reads one and for the trigger that watches one.
import type { ActivityContext } from "../defineNode.ts";
import { networkFailure, statusFailure } from "../http/failure.ts";
import { parseFeed } from "./parseFeed.ts";

const headers = { accept: "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5" };

export async function fetchFeed(
  url: string,
  context: Pick<ActivityContext, "http" | "signal">,
  nowMs: number,
): Promise<ReturnType<typeof parseFeed>> {
  let response: Awaited<ReturnType<ActivityContext["http"]["request"]>>;
  try {
    response = await context.http.request(
      { method: "GET", url, headers, responseBytesMax: 10_000_000, redirectsMax: 5 },
      context.signal,
    );
  } catch (error) {
    throw networkFailure(error, context.signal);
  }
  if (response.status >= 400) throw statusFailure(response, nowMs);
  return parseFeed(decode(response.body, response.headers["content-type"] ?? ""), response.url);
}

/** As the header says, else as the XML declaration says, else UTF-8. */
function decode(body: Uint8Array, contentType: string): string {
  const start = new TextDecoder("latin1").decode(body.subarray(0, 200));
  const named =
    /charset="?([\w-]+)/i.exec(contentType)?.[1] ?? /^\s*<\?xml[^>]*encoding=["']([\w-]+)/i.exec(start)?.[1];
  try {
    return new TextDecoder(named ?? "utf-8").decode(body);
  } catch {
    return new TextDecoder().decode(body);
  }
}
