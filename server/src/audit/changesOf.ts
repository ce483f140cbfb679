// What became different between two views of an object, as it may stand in a log from which nothing can be removed:
//   * what is named or looks like a secret is [redacted]; that it changed is kept, not what it was
//   * what is about a person (names and addresses of people) is [personal]
//   * long values are {sha256, bytes}: enough to hold a kept copy against
// Lists whose elements have an id or a name are compared by that, so that an inserted node is one change.
import { hash } from "node:crypto";
import type { AuditChange } from "@auraos/contract";
import { isObject } from "@auraos/kernel";

const CHANGES_MAX = 60;
const VALUE_BYTES_MAX = 500;
const DEPTH_MAX = 12;

const SECRET_NAME =
  /pass(word|phrase|wd)?$|secret|token|credentials?$|^key$|api[-_]?key|authorization|cookie|private[-_]?key|signature|^backupCodes$|^totpURI$|^link$|^code$|resumeUrl/i;
const PERSONAL_NAME = /^(e-?mail|user_?name|phone|fullName|firstName|lastName|userAgent)$/i;
const SECRET_VALUE =
  /aos_[\w-]{16,}|\bBearer\s+\S{8,}|\bBasic\s+[\w+/=]{8,}|-----BEGIN |\beyJ[\w-]{8,}\.[\w-]+\.|\b(sk|pk|rk|ghp|gho|glpat|xox[abp])[-_][\w-]{12,}|AKIA[0-9A-Z]{12,}|\/\/[^/\s:@]+:[^/\s@]+@/;

/** Who did something, as histories name people: draftBy, updatedBy and the like, whatever they are called. */
const PERSONAL_VALUE = /^user:\S+@\S+$/;

/** A field that holds a person, whatever it is a field of. */
const PERSON_NAME = /^owner$/;

/** Follow from every change and say nothing. */
const FOLLOWING = new Set(["etag", "updatedAt", "lastUsedAt", "checkedAt", "provenAt"]);

const REDACTED = "[redacted]";
const PERSONAL = "[personal]";

export type About = {
  /** The object is a person, or lists people: its name is personal too. */
  isPerson?: boolean;
};

/** `before` or `after` undefined = it was not, or is no more. At most CHANGES_MAX; the rest is one summary. */
export function changesOf(before: unknown, after: unknown, about: About = {}): AuditChange[] {
  const found: AuditChange[] = [];
  let left = 0;
  compare([], before, after, undefined);
  if (left > 0) found.push({ path: "...", after: `${left} further changes` });
  return found;

  function compare(path: readonly string[], one: unknown, other: unknown, parent: unknown): void {
    if (isSame(one, other) || FOLLOWING.has(path.at(-1) ?? "")) return;
    const isDeep = path.length < DEPTH_MAX && !isHidden(path.at(-1) ?? "");
    if (isDeep && isObject(one) && isObject(other)) {
      for (const name of new Set([...Object.keys(one), ...Object.keys(other)]))
        compare([...path, name], one[name], other[name], other);
      return;
    }
    if (isDeep && Array.isArray(one) && Array.isArray(other)) {
      const [mine, theirs] = [byKey(one), byKey(other)];
      for (const key of new Set([...mine.keys(), ...theirs.keys()]))
        compare([...path, key], mine.get(key), theirs.get(key), undefined);
      return;
    }
    // What is new or gone is shown field by field at the top only.
    if (path.length === 0 && (one === undefined || other === undefined)) {
      const only = one ?? other;
      if (isObject(only)) {
        for (const name of Object.keys(only)) {
          const value = only[name];
          compare(
            [name],
            one === undefined ? undefined : value,
            other === undefined ? undefined : value,
            only,
          );
        }
        return;
      }
    }
    if (found.length >= CHANGES_MAX) {
      left += 1;
      return;
    }
    found.push({
      path: path.join("/") || "/",
      ...(one === undefined ? {} : { before: shown(path, one, parent) }),
      ...(other === undefined ? {} : { after: shown(path, other, parent) }),
    });
  }

  function shown(path: readonly string[], value: unknown, parent: unknown): unknown {
    const name = path.at(-1) ?? "";
    if (value === null || value === "" || typeof value === "boolean") return value;
    if (isHidden(name) || isNamedSecret(name, parent)) return REDACTED;
    const holder: About = path.some((one) => PERSON_NAME.test(one)) ? { isPerson: true } : about;
    return isPersonal(name, holder) ? PERSONAL : bounded(hide(value, holder));
  }
}

function isPersonal(name: string, about: About): boolean {
  return PERSONAL_NAME.test(name) || (about.isPerson === true && /^(name|address|location)$/.test(name));
}

function isHidden(name: string): boolean {
  return SECRET_NAME.test(name);
}

/** Headers and form fields are pairs: {name: "Authorization", value: "..."}. */
function isNamedSecret(name: string, parent: unknown): boolean {
  return name === "value" && isObject(parent) && SECRET_NAME.test(String(parent.name ?? parent.key ?? ""));
}

/** The same inside of what is shown as one piece. */
function hide(value: unknown, about: About): unknown {
  if (typeof value === "string")
    return SECRET_VALUE.test(value) ? REDACTED : PERSONAL_VALUE.test(value) ? PERSONAL : value;
  if (Array.isArray(value)) return value.map((one) => hide(one, about));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => {
      if (one === null || one === "" || typeof one === "boolean") return [name, one];
      if (isHidden(name) || isNamedSecret(name, value)) return [name, REDACTED];
      if (isPersonal(name, about)) return [name, PERSONAL];
      return [name, hide(one, PERSON_NAME.test(name) ? { isPerson: true } : about)];
    }),
  );
}

function bounded(value: unknown): unknown {
  const text = JSON.stringify(value) ?? "null";
  const bytes = Buffer.byteLength(text);
  return bytes <= VALUE_BYTES_MAX ? value : { sha256: hash("sha256", text), bytes };
}

function byKey(list: readonly unknown[]): Map<string, unknown> {
  const keyed = new Map<string, unknown>();
  for (const [index, one] of list.entries()) {
    const given = isObject(one) ? (one.id ?? one.name ?? one.key) : undefined;
    const key = typeof given === "string" && !keyed.has(given) ? given : String(index);
    keyed.set(key, one);
  }
  return keyed;
}

function isSame(one: unknown, other: unknown): boolean {
  return one === other || (typeof one === "object" && JSON.stringify(one) === JSON.stringify(other));
}
