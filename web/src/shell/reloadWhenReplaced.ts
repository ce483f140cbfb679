// A tab that was open while the server got a new version asks for files that are gone. Loading the page again heals it;
// once in a while only, so that a broken build is seen instead of a page that reloads for ever.
const NAME = "auraos.reloadedAt";
const PAUSE_MS = 30_000;

export function reloadWhenReplaced(): void {
  addEventListener("vite:preloadError", (event) => {
    const lastMs = Number(sessionStorage.getItem(NAME) ?? 0);
    if (Date.now() - lastMs < PAUSE_MS) return;
    event.preventDefault();
    sessionStorage.setItem(NAME, String(Date.now()));
    location.reload();
  });
}
