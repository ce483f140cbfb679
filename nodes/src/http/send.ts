// Sends a request and gives the response, or throws what the failure means.
import type { ActivityCall, ActivityContext, HttpHead, HttpRequest, HttpResponse } from "../defineNode.ts";
import type { HttpConfig } from "./config.ts";
import { networkFailure, statusFailure } from "./failure.ts";
import { isFile } from "./reply.ts";

export async function send(
  request: HttpRequest,
  config: HttpConfig,
  call: ActivityCall,
  context: ActivityContext,
): Promise<HttpResponse> {
  let response: HttpResponse;
  try {
    const streams = (head: HttpHead) => !isFailure(head, config) && isFile(head, config);
    response = await context.http.request({ ...request, streams }, context.signal);
  } catch (error) {
    throw networkFailure(error, context.signal);
  }
  if (isFailure(response, config)) throw statusFailure(response, call.nowMs);
  return response;
}

function isFailure({ status }: HttpHead, { failOnStatus }: HttpConfig): boolean {
  return failOnStatus && status >= 400;
}
