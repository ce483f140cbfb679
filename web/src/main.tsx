// Starts the app: texts first, so that no page shows keys, then the map.
import { QueryClientProvider } from "@tanstack/react-query";
import { Direction } from "radix-ui";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { useTranslation } from "react-i18next";
import { RouterProvider } from "react-router/dom";
import { queryClient } from "./api/queryClient.ts";
import { startTexts } from "./i18n/i18n.ts";
import { directionOf } from "./i18n/languages.ts";
import { createRouter } from "./routes.tsx";
import { reloadWhenReplaced } from "./shell/reloadWhenReplaced.ts";
import { allowOwnStyles } from "./ui/styleNonce.ts";
import "./styles/index.css";
import { Confirmations } from "./ui/Confirmations.tsx";
import { Toaster } from "./ui/Toaster.tsx";
import { TooltipProvider } from "./ui/Tooltip.tsx";

function App({ router }: { router: ReturnType<typeof createRouter> }) {
  const { i18n } = useTranslation();
  return (
    <Direction.Provider dir={directionOf(i18n.language)}>
      <QueryClientProvider client={queryClient}>
        <TooltipProvider delayDuration={400}>
          <RouterProvider router={router} />
          <Confirmations />
          <Toaster />
        </TooltipProvider>
      </QueryClientProvider>
    </Direction.Provider>
  );
}

allowOwnStyles();
reloadWhenReplaced();
await startTexts();
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no element with the id root.");
createRoot(root).render(
  <StrictMode>
    <App router={createRouter()} />
  </StrictMode>,
);
