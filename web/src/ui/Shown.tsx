// One thing that was asked for: loading, trouble, deleted meanwhile, or there. What is still kept of a thing that is gone is
// not shown as if it were there; what cannot be read just now for another reason stays as it was last read.
import type { ReactNode } from "react";
import { isGone } from "./describeError.ts";
import { ErrorState } from "./ErrorState.tsx";
import { GoneState } from "./GoneState.tsx";

type Asked<Thing> = {
  data: Thing | undefined;
  error: Error | null;
  refetch(): unknown;
  isFetching: boolean;
};

type ShownProps<Thing> = {
  asked: Asked<Thing>;
  loading: ReactNode;
  nameOf(thing: Thing): string;
  /** To where it was opened from, such as the list. */
  onBack(): void;
  children(thing: Thing): ReactNode;
};

export function Shown<Thing>({ asked, loading, nameOf, onBack, children }: ShownProps<Thing>) {
  const { data, error, isFetching } = asked;
  if (isGone(error))
    return <GoneState name={data === undefined ? undefined : nameOf(data)} onBack={onBack} />;
  if (data !== undefined) return children(data);
  if (error) return <ErrorState error={error} onRetry={() => void asked.refetch()} busy={isFetching} />;
  return loading;
}
