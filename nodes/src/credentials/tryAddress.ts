// Tries an HTTP connection on an address that the person chose: there is no question that every service would answer.
import { ActivityError } from "../defineNode.ts";
import type { Credential, TestFound, TestTools } from "./defineCredential.ts";
import { signingHeaders } from "./signingHeaders.ts";

export async function tryAddress(
  credential: Pick<Credential, "type" | "values">,
  tools: TestTools,
): Promise<TestFound> {
  const { testUrl } = credential.values;
  if (typeof testUrl !== "string")
    throw new ActivityError({
      code: "TEST_ADDRESS_MISSING",
      class: "data",
      message: "There is no address to try this connection on.",
      remedy: "Fill in an address that only answers when the sign-in is good.",
      certainty: "notDone",
      field: "testUrl",
    });
  const { status, url } = await tools.http.request(
    {
      method: "GET",
      url: testUrl,
      secretHeaders: signingHeaders(credential),
      redirectsMax: 0,
      timeoutMs: 15_000,
    },
    tools.signal,
  );
  const { host } = new URL(url);
  if (status < 400) return { what: "answeredWith", host, status: String(status) };
  throw new ActivityError({
    code: `HTTP_${status}`,
    class: status === 401 || status === 403 ? "auth" : status < 500 ? "client" : "server",
    message: `${host} answered ${status}.`,
    remedy:
      status === 401 || status === 403
        ? "The service does not accept this sign-in: check the values, and whether they have expired."
        : "Check the address to try it on.",
    certainty: "notDone",
  });
}
