// "5 min ago", and on hover or focus the exact moment with its zone.
import { useFormat } from "../i18n/useFormat.ts";
import { Tooltip } from "./Tooltip.tsx";
import { useNow } from "./useNow.ts";

const MINUTE_MS = 60_000;

export function RelativeTime({ at }: { at: string | number }) {
  const format = useFormat();
  const atMs = typeof at === "number" ? at : Date.parse(at);
  const nowMs = useNow(5_000);
  const isRecent = Math.abs(nowMs - atMs) < MINUTE_MS;
  return (
    <Tooltip text={format.exact(atMs)}>
      <time dateTime={new Date(atMs).toISOString()} className="whitespace-nowrap">
        {format.relative(atMs, isRecent ? Math.max(nowMs, atMs) : nowMs)}
      </time>
    </Tooltip>
  );
}
