// What a page shows is written in its address: filters, the open row, the chosen tab. A change is made to the address as
// it is now, not as it was when the page was drawn: two changes in a row, the second from a late timer, both count.
import { useSearchParams } from "react-router";

export type ViewChanges = Readonly<Record<string, string | undefined>>;

/** `atOnce`: what the page shows has changed when the call returns, for what must be gone before something else begins. */
export type Change = (changes: ViewChanges, how?: { atOnce: boolean }) => void;

/** @returns the parts of the address, and how to change some of them; an empty or undefined part is left out. */
export function useView(): [view: URLSearchParams, change: Change] {
  const [view, setView] = useSearchParams();
  const change: Change = (changes, { atOnce } = { atOnce: false }) => {
    const next = new URLSearchParams(window.location.search);
    for (const [name, value] of Object.entries(changes))
      if (value) next.set(name, value);
      else next.delete(name);
    setView(next, { replace: true, flushSync: atOnce });
  };
  return [view, change];
}
