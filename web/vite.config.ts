// How the web app is built: plain chunks under /assets with hashed names, nothing inlined (the content security policy
// allows neither inline scripts nor data: fonts). In development the API is asked of the server at AURAOS_DEV_API.
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const api = process.env.AURAOS_DEV_API ?? "http://127.0.0.1:4000";

// What every page needs comes in four files instead of one per hook and icon: fewer journeys on a slow line.
const groups = [
  {
    name: "react",
    test: /node_modules[\\/](react|react-dom|scheduler|react-router|cookie|set-cookie-parser|@tanstack|i18next|react-i18next|void-elements|html-parse-stringify|use-sync-external-store)[\\/]/,
  },
  {
    name: "radix",
    test: /node_modules[\\/](radix-ui|@radix-ui|@floating-ui|aria-hidden|react-remove-scroll|react-remove-scroll-bar|react-style-singleton|use-sidecar|use-callback-ref|get-nonce|tslib)[\\/]/,
  },
  // Of the builder: what is needed at once apart from what can follow.
  { name: "expression", test: /[\\/]expression[\\/]src[\\/]|node_modules[\\/](acorn|re2js)[\\/]/ },
  {
    name: "editor",
    test: /node_modules[\\/](@codemirror|@lezer|@marijn|style-mod|crelt|w3c-keyname)[\\/]/,
  },
  { name: "icons", test: /node_modules[\\/]lucide-react[\\/]/ },
  {
    name: "pieces",
    test: /web[\\/]src[\\/](ui|api|live|i18n|shell)[\\/](?!texts|CommandPalette|ShortcutSheet|JsonTree|DataTable)/,
  },
];

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_800,
    rolldownOptions: { output: { codeSplitting: { groups } } },
  },
  server: {
    host: "127.0.0.1",
    proxy: {
      "/api": api,
      "/health": api,
      "/hooks": api,
      "/socket.io": { target: api, ws: true },
    },
  },
});
