// What a page shows is written in its address: filters, the open row, the chosen tab. A change is made to the address as
// it is now, not as it was when the page was drawn: two changes in a row, the second from a late timer, both count.
import { useSearchParams } from "react-router";

export type ViewChanges = Readonly<Record<string, string | undefined>>;

/** @returns the parts of the address, and how to change some of them; an empty or undefined part is left out. */
export function useView(): [view: URLSearchParams, change: (changes: ViewChanges) => void] {
  const [view, setView] = useSearchParams();
  const change = (changes: ViewChanges) => {
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(changes))
      if (value) next.set(name, value);
      else next.delete(name);
    setView(next, { replace: true });
  };
  return [view, change];
}
