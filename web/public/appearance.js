// Theme, language and direction before the first paint, so that nothing flashes. A file of its own because the
// content security policy allows no inline script. The app keeps the same keys (src/shell/appearance.ts).
(() => {
  const root = document.documentElement;
  let theme = null;
  let language = null;
  try {
    theme = localStorage.getItem("auraos.theme");
    language = localStorage.getItem("auraos.language");
  } catch {
    // Storage may be forbidden; the system's wishes then hold.
  }
  const isDark =
    theme === "dark" || (theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  root.dataset.theme = isDark ? "dark" : "light";
  const spoken = language ?? navigator.language.slice(0, 2);
  root.lang = spoken === "ar" ? "ar" : "en";
  root.dir = root.lang === "ar" ? "rtl" : "ltr";
})();
