// The steps of a long activity, each by its name. What an earlier attempt has recorded is not done again: a crash, a
// retry or a decision of a person goes on behind the last step.
import { isObject, type Json, type JsonObject } from "@auraos/kernel";
import type { ActivityCall, ActivityContext } from "./defineNode.ts";

/** `usage` is added up over the steps of a run, and shown with it. */
export type StepResult<T extends Json> = { value: T; usage?: JsonObject };

export type Steps = {
  /** What came of the step: as recorded, or done now and recorded. Names are unique within the activity. */
  do<T extends Json>(name: string, work: () => Promise<StepResult<T>>): Promise<T>;
  /** Recorded already? */
  has(name: string): boolean;
  /** Has a person decided that it goes on, after this step was recorded? */
  isDecided(name: string): boolean;
};

export function createSteps(call: ActivityCall, context: Pick<ActivityContext, "record">): Steps {
  const known = [...(call.steps ?? [])];
  let last: Promise<unknown> = Promise.resolve();
  let count = known.length;
  const placeOf = (name: string) => known.findIndex((entry) => isObject(entry) && entry.name === name);
  return {
    async do<T extends Json>(name: string, work: () => Promise<StepResult<T>>): Promise<T> {
      const found = known[placeOf(name)];
      if (isObject(found)) return found.value as T;
      const { value, usage } = await work();
      const entry = { name, value, ...(usage === undefined ? {} : { usage }) };
      // One after the other, in the order in which they end.
      const recorded = last.then(() => {
        count += 1;
        return context.record(count - 1, entry);
      });
      last = recorded.catch(() => {});
      await recorded;
      return value;
    },
    has: (name) => placeOf(name) >= 0,
    isDecided(name) {
      const place = placeOf(name);
      return place >= 0 && known.slice(place).some((entry) => isObject(entry) && entry.decision === "retry");
    },
  };
}
