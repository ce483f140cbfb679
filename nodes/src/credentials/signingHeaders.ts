// How a connection signs an HTTP request.
import { isObject } from "@auraos/kernel";
import type { Credential } from "./defineCredential.ts";

/** Names in lower case. */
export function signingHeaders({
  type,
  values,
}: Pick<Credential, "type" | "values">): Record<string, string> {
  switch (type) {
    case "http.basic":
      return {
        authorization: `Basic ${Buffer.from(`${values.user}:${values.password}`).toString("base64")}`,
      };
    case "http.bearer":
      return { authorization: `Bearer ${values.token}` };
    case "http.headers":
      return isObject(values.headers)
        ? Object.fromEntries(
            Object.entries(values.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
          )
        : {};
    case "oauth2.code":
    case "oauth2.clientCredentials":
      return { authorization: `Bearer ${values.accessToken}` };
    default:
      throw new Error(`${type} signs no HTTP request`);
  }
}
