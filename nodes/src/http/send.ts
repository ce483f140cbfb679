// Sends a request and gives the response, or throws what the failure means.
import type { ActivityCall, ActivityContext, HttpRequest, HttpResponse } from "../defineNode.ts";
import type { HttpConfig } from "./config.ts";
import { networkFailure, statusFailure } from "./failure.ts";

export async function send(
  request: HttpRequest,
  config: HttpConfig,
  call: ActivityCall,
  context: ActivityContext,
): Promise<HttpResponse> {
  let response: HttpResponse;
  try {
    response = await context.http.request(request, context.signal);
  } catch (error) {
    throw networkFailure(error, context.signal);
  }
  if (config.failOnStatus && response.status >= 400) throw statusFailure(response, call.nowMs);
  return response;
}
