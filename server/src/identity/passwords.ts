// Which passwords are refused: short ones, and those that are tried first. Length counts; odd characters do not.
//
// commonPasswords.txt.gz holds the 5,000 most used ones that are long enough to be accepted otherwise, one a line, the most
// used first; docs/security.md says where they come from. It is read with the first password that somebody chooses.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { refuse } from "../platform/errors.ts";

const LENGTH_MIN = 10;
const LENGTH_MAX = 128;
const DIFFERENT_MIN = 5;

/** Words that lists of stolen passwords are made of, with what people hang on to them. */
const common =
  "password passwort passw0rd p4ssword qwerty qwertyuiop qwertz azerty asdfgh asdfghjkl zxcvbn zxcvbnm letmein welcome admin " +
  "administrator login master iloveyou monkey dragon sunshine princess football baseball basketball superman batman " +
  "shadow michael jordan charlie ashley hunter trustno starwars whatever freedom secret changeme default test testing " +
  "guest root user access flower summer winter spring autumn january monday friday hello computer internet google " +
  "samsung liverpool chelsea arsenal barcelona pokemon naruto killer pepper cheese cookie banana orange lovely forever " +
  "abcdef abcdefg abcdefgh abcdefghij qazwsx qazwsxedc 1q2w3e4r 1qaz2wsx auraos workflow automation";
const words = new Set(common.split(" "));
let known: ReadonlySet<string> | undefined;

/** Those that people choose most, in small letters, the most used first. */
export function commonPasswords(): ReadonlySet<string> {
  known ??= new Set(
    gunzipSync(readFileSync(new URL("commonPasswords.txt.gz", import.meta.url)))
      .toString()
      .trim()
      .split("\n"),
  );
  return known;
}

/** Throws 422 with what to do instead. `about` are words that stand for the person: name, e-mail. */
export function refuseWeakPassword(password: string, about: readonly string[]): void {
  const plain = password.toLowerCase();
  const problem =
    [...password].length < LENGTH_MIN
      ? `has fewer than ${LENGTH_MIN} characters`
      : [...password].length > LENGTH_MAX
        ? `has more than ${LENGTH_MAX} characters`
        : new Set(plain).size < DIFFERENT_MIN
          ? "repeats a few characters"
          : isRun(plain)
            ? "is a run of neighbours"
            : isCommon(plain)
              ? "is one that everybody tries"
              : about.some((word) => isAbout(plain, word.toLowerCase()))
                ? "is made of your name or address"
                : undefined;
  if (problem === undefined) return;
  throw refuse(
    422,
    "PASSWORD_WEAK",
    `The password ${problem}.`,
    "Take a longer one: four words that belong together nowhere.",
  );
}

/** 1234567890, abcdefghij, and backwards. */
function isRun(text: string): boolean {
  const steps = new Set([...text].slice(1).map((char, index) => char.charCodeAt(0) - text.charCodeAt(index)));
  return [...steps].filter((step) => Math.abs(step) > 1).length <= 1 && steps.size <= 3;
}

function isCommon(text: string): boolean {
  if (commonPasswords().has(text)) return true;
  // What is left without what people hang on to a word, and without the usual replacements.
  const bare = text.replace(/^[\d\W_]+|[\d\W_]+$/g, "");
  const letters = bare
    .replace(/[@4]/g, "a")
    .replace(/0/g, "o")
    .replace(/[3€]/g, "e")
    .replace(/[$5]/g, "s")
    .replace(/[^a-z]/g, "");
  const parts = text.split(/[\d\W_]+/).filter((part) => part !== "");
  return (
    [letters, bare].some((word) => words.has(word) || words.has(word.slice(0, word.length / 2))) ||
    (parts.length > 0 && parts.every((part) => words.has(part)))
  );
}

function isAbout(text: string, word: string): boolean {
  const own = word.split("@")[0] ?? "";
  return own.length >= 4 && text.replace(own, "").replace(/[\d\W_]/g, "").length < 4 && text.includes(own);
}
