// What the records of a person say about her beside what she is known by, execution by execution: a street that a workflow
// wrote into a letter is found there too. Kept in memory for the time of one erasure.
import type { Blobs } from "../../blobs/blobs.types.ts";
import { type Erasing, eraseText } from "./eraseJson.ts";
import type { ErasureRequest } from "./erasePerson.ts";
import { filesOf, isIn } from "./files.ts";
import { createMatcher, type Matcher } from "./matcher.ts";

/** Of one execution; more would be a list of many people, whose records are erased where they stand. */
const TEXTS_MAX = 500;

export type Learned = {
  /** Looks through a text, and notes. */
  from(executionId: string, erasing: Erasing, text: string, isData: boolean): void;
  /** Finds the person, and what was learned of her in this execution; undefined = nothing was. */
  matcherFor(executionId: string): Matcher | undefined;
  executions(): string[];
};

export function createLearned({ identifiers }: ErasureRequest): Learned {
  const texts = new Map<string, Set<string>>();
  const matchers = new Map<string, Matcher>();
  return {
    from(executionId, erasing, text, isData) {
      const known = texts.get(executionId) ?? new Set<string>();
      const before = known.size;
      eraseText({ ...erasing, learned: known }, text, isData);
      if (known.size === before) return;
      texts.set(executionId, known);
      matchers.delete(executionId);
    },
    matcherFor(executionId) {
      const known = texts.get(executionId);
      if (!known) return undefined;
      const made =
        matchers.get(executionId) ??
        createMatcher([
          ...identifiers,
          ...[...known].slice(0, TEXTS_MAX).map((value) => ({ kind: "text" as const, value })),
        ]);
      matchers.set(executionId, made);
      return made;
    },
    executions: () =>
      [...texts.keys()].filter((id) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id)),
  };
}

export async function learnFromFiles(
  { blobs }: { blobs: Blobs },
  orgId: string,
  erasing: Erasing,
  learned: Learned,
): Promise<void> {
  for await (const file of filesOf(blobs, orgId))
    if (isIn(erasing.matcher, file)) learned.from(file.executionId, erasing, file.text ?? "", true);
}
