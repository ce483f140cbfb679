// How long something took, or has taken so far: without an end it counts on.
import { useFormat } from "../i18n/useFormat.ts";
import { useNow } from "./useNow.ts";

type DurationProps = { ms: number } | { since: string };

export function Duration(props: DurationProps) {
  return "ms" in props ? <Ended ms={props.ms} /> : <Running since={props.since} />;
}

function Ended({ ms }: { ms: number }) {
  const format = useFormat();
  return <span className="whitespace-nowrap">{format.duration(ms)}</span>;
}

function Running({ since }: { since: string }) {
  const format = useFormat();
  const nowMs = useNow();
  return <span className="whitespace-nowrap">{format.duration(Math.max(0, nowMs - Date.parse(since)))}</span>;
}
