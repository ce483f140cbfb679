// The way of the OpenAI client to the network: `context.http`, so that the rules for addresses, sizes and times hold
// for models too. What comes back is cleared of the key before anything reads it, because replies end up in results
// and failures.
import type { ActivityContext } from "../defineNode.ts";
import type { ModelConfig } from "./modelFields.ts";

export type Transport = {
  fetch: (url: string | URL | Request, init?: RequestInit) => Promise<Response>;
  /** What the network threw; the client only tells that something did. */
  thrown(): unknown;
};

const responseBytesMax = 20_000_000;
/** Nothing else is sent: the client would add what it finds in the environment of this process. */
const requestHeaders = ["accept", "authorization", "content-type"];
const responseHeaders = ["content-type", "retry-after", "retry-after-ms"];

export function createTransport(config: ModelConfig, context: ActivityContext): Transport {
  const clear = hide([config.apiKey]);
  let thrown: unknown;
  return { fetch: send, thrown: () => thrown };

  async function send(url: string | URL | Request, init?: RequestInit): Promise<Response> {
    try {
      const response = await context.http.request(
        {
          method: init?.method ?? "GET",
          url: String(url),
          headers: pick(new Headers(init?.headers), requestHeaders),
          ...(typeof init?.body === "string" ? { body: init.body } : {}),
          timeoutMs: config.timeoutSeconds * 1000,
          responseBytesMax,
          redirectsMax: 0,
        },
        context.signal,
      );
      const { status } = response;
      const hasBody = status !== 204 && status !== 205 && status !== 304;
      return new Response(hasBody ? clear(new TextDecoder().decode(response.body)) : null, {
        status,
        headers: pick(new Headers(response.headers), responseHeaders),
      });
    } catch (error) {
      thrown = error;
      throw error;
    }
  }
}

function pick(headers: Headers, names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = headers.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
}

const secretMin = 12;

/** Replaces secrets in a text. Short ones are left, because "none" and "ollama" are words too. */
export function hide(secrets: readonly (string | undefined)[]): (text: string) => string {
  const forms = secrets
    .filter((secret) => secret !== undefined && secret.length >= secretMin)
    .flatMap((secret) => [String(secret), JSON.stringify(secret).slice(1, -1)])
    .sort((a, b) => b.length - a.length);
  return (text) => forms.reduce((rest, secret) => rest.replaceAll(secret, "(hidden)"), text);
}
