// Whether a media query holds now. For what CSS alone cannot do: leaving out columns, choosing another component.
import { useCallback, useSyncExternalStore } from "react";

export function useMediaQuery(query: string): boolean {
  const subscribe = useCallback(
    (listener: () => void) => {
      const list = matchMedia(query);
      list.addEventListener("change", listener);
      return () => list.removeEventListener("change", listener);
    },
    [query],
  );
  return useSyncExternalStore(subscribe, () => matchMedia(query).matches);
}

/** Width of the window in steps; a column says from which one on it is shown. */
export function useWidthStep(): "phone" | "tablet" | "desk" | "wide" {
  const isTablet = useMediaQuery("(min-width: 640px)");
  const isDesk = useMediaQuery("(min-width: 960px)");
  const isWide = useMediaQuery("(min-width: 1280px)");
  return isWide ? "wide" : isDesk ? "desk" : isTablet ? "tablet" : "phone";
}
