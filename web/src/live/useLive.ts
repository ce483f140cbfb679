// Listens to a stream while a component is shown:
//   useLive({ to: "execution", id }, (message) => ...)
// The listener may change at every render; the subscription only with the stream.
import { useEffect, useEffectEvent } from "react";
import { type LiveMessage, type Stream, subscribeLive } from "./liveConnection.ts";

export function useLive(stream: Stream | undefined, listener: (message: LiveMessage) => void): void {
  const heard = useEffectEvent(listener);
  const to = stream?.to;
  const id = stream?.id;
  useEffect(() => {
    if (to === undefined) return;
    return subscribeLive({ to, ...(id === undefined ? {} : { id }) }, heard);
  }, [to, id]);
}
