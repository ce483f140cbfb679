// The one door to the server. An address of the contract names the call, and the compiler knows the rest:
//   await request("get /api/v1/workflows/:id", { params: { id } })
// Only types are taken from the contract, so neither zod nor the documentation travels to the browser.
import type { Endpoint, endpoints, z } from "@auraos/contract";
import { ApiError, errorOf, UNREACHABLE } from "./apiError.ts";
import { currentSession, sessionHeaders, signOut } from "./session.ts";

type Endpoints = (typeof endpoints)[keyof typeof endpoints];
type AddressOf<E> = E extends Endpoint ? `${E["method"]} ${E["path"]}` : never;
export type Address = AddressOf<Endpoints>;
type At<A extends Address> = Extract<Endpoints, { method: MethodOf<A>; path: PathOf<A> }>;
type MethodOf<A> = A extends `${infer Method} ${string}` ? Method : never;
type PathOf<A> = A extends `${string} ${infer Path}` ? Path : never;

type Field<E, Name extends string> = E extends Record<Name, infer Value> ? Value : never;
type Taken<Schema> = Schema extends z.ZodType ? z.input<Schema> : never;
type Params<Path extends string> = Path extends `${string}:${infer Name}/${infer Rest}`
  ? Name | Params<`/${Rest}`>
  : Path extends `${string}:${infer Name}`
    ? Name
    : never;

/** Queries travel as text, so numbers and flags may be written as they are. */
export type QueryOf<A extends Address> = {
  [Name in keyof Taken<Field<At<A>, "query">>]?: string | number | boolean | undefined;
};

export type ReplyOf<A extends Address> =
  Field<At<A>, "reply"> extends infer Schema extends z.ZodType ? z.output<Schema> : undefined;

type BodyOf<A extends Address> =
  Field<At<A>, "body"> extends { kind: "json"; schema: infer Schema } ? Taken<Schema> : unknown;

export type Call<A extends Address> = {
  query?: QueryOf<A>;
  body?: BodyOf<A> | RawBody;
  headers?: Record<string, string>;
  signal?: AbortSignal;
} & ([Params<PathOf<A>>] extends [never]
  ? { params?: never }
  : { params: Record<Params<PathOf<A>>, string | number> });

/** A body that is already text, such as a YAML file. */
export class RawBody {
  readonly text: string;
  readonly type: string;
  constructor(text: string, type: string) {
    this.text = text;
    this.type = type;
  }
}

export async function request<A extends Address>(
  address: A,
  ...[call]: Record<string, never> extends Call<A> ? [call?: Call<A>] : [call: Call<A>]
): Promise<ReplyOf<A>> {
  const response = await requestRaw(address, call as LooseCall | undefined);
  if (response.status === 204) return undefined as ReplyOf<A>;
  return (await response.json()) as ReplyOf<A>;
}

type LooseCall = {
  params?: Record<string, string | number>;
  query?: Record<string, string | number | boolean | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
};

/** The answer as it came, for files and texts. Anything but success throws an ApiError. */
export async function requestRaw(address: Address, call: LooseCall = {}): Promise<Response> {
  const [method = "get", path = "/"] = address.split(" ");
  const session = currentSession();
  const response = await fetch(urlOf(path, call), {
    method: method.toUpperCase(),
    headers: {
      accept: "application/json",
      ...sessionHeaders(),
      ...bodyType(call.body),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: bodyText(call.body) }),
    ...(call.signal ? { signal: call.signal } : {}),
  }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError({ status: 0, code: UNREACHABLE });
  });
  if (response.ok) return response;
  // Somebody else may have signed in while this request travelled; a wrong password signs nobody out.
  const isAboutSession = response.status === 401 && !path.startsWith("/api/v1/auth/");
  if (isAboutSession && session !== null && session === currentSession()) signOut("refused");
  throw await errorOf(response);
}

export function urlOf(
  path: string,
  { params = {}, query = {} }: Pick<LooseCall, "params" | "query">,
): string {
  const filled = path.replace(/:([a-z]+)/gi, (_, name: string) =>
    encodeURIComponent(String(params[name] ?? "")),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value === undefined || value === "") continue;
    search.set(name, typeof value === "boolean" ? (value ? "1" : "0") : String(value));
  }
  const text = search.toString();
  return text === "" ? filled : `${filled}?${text}`;
}

function bodyType(body: unknown): Record<string, string> {
  if (body === undefined) return {};
  return { "content-type": body instanceof RawBody ? body.type : "application/json" };
}

function bodyText(body: unknown): string {
  return body instanceof RawBody ? body.text : JSON.stringify(body);
}
