// Takes secrets out of what is kept and shown: whatever an activity gave or failed with is searched for the values it was
// given, as they are and as they are usually written (base64, URL-encoded, JSON-escaped).
import type { Json } from "@auraos/kernel";

/** Shorter ones occur by chance; replacing them would only spoil data. */
const SECRET_LENGTH_MIN = 6;
const MARK = "[secret]";

export type Redactor = <Value>(value: Value) => Value;

export function createRedactor(secrets: Iterable<string>): Redactor {
  const texts = new Set<string>();
  for (const secret of secrets)
    if (secret.length >= SECRET_LENGTH_MIN) for (const one of formsOf(secret)) texts.add(one);
  if (texts.size === 0) return (value) => value;
  const longestFirst = [...texts].sort((one, other) => other.length - one.length);
  const pattern = new RegExp(longestFirst.map(literally).join("|"), "g");
  return (value) => redacted(value, pattern) as typeof value;
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret, "utf8");
  return [
    secret,
    bytes.toString("base64"),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    encodeURIComponent(secret),
    new URLSearchParams([["", secret]]).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString("hex"),
  ].filter((form) => form.length >= SECRET_LENGTH_MIN);
}

/** What has no secret in it stays the same object. */
function redacted(value: unknown, pattern: RegExp): unknown {
  if (typeof value === "string") return value.search(pattern) < 0 ? value : value.replace(pattern, MARK);
  if (Array.isArray(value)) {
    const list = value.map((one) => redacted(one, pattern));
    return list.some((one, index) => one !== value[index]) ? list : value;
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(
    ([name, one]) => [redacted(name, pattern) as string, redacted(one, pattern)] as const,
  );
  const isSame = Object.keys(value).every(
    (name, index) =>
      entries[index]?.[0] === name && entries[index]?.[1] === (value as Record<string, unknown>)[name],
  );
  return isSame ? value : Object.fromEntries(entries);
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&");
}

/** Every text inside a value, and of a user with a password the pair as it is sent. */
export function textsIn(value: Json | undefined): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
