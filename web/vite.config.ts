// How the web app is built: plain chunks under /assets with hashed names, nothing inlined (the content security policy
// allows neither inline scripts nor data: fonts). In development the API is asked of the server at AURAOS_DEV_API.
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const api = process.env.AURAOS_DEV_API ?? "http://127.0.0.1:4000";

export default defineConfig({
  plugins: [react(), tailwindcss()],
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1_800,
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
