// The map of the app. Pages are loaded when they are first visited, together with their texts.
import type { ComponentType } from "react";
import { createBrowserRouter, Navigate, type RouteObject } from "react-router";
import { loadTexts } from "./i18n/i18n.ts";
import { paths } from "./paths.ts";
import { NotFoundPage } from "./shell/NotFoundPage.tsx";
import { PageError } from "./shell/PageError.tsx";
import { PageSkeleton } from "./shell/PageSkeleton.tsx";
import { Shell } from "./shell/Shell.tsx";

const routes: RouteObject[] = [
  {
    element: <Shell />,
    HydrateFallback: PageSkeleton,
    children: [
      {
        errorElement: <PageError />,
        children: [
          { path: "/", element: <Navigate to={paths.workflows()} replace /> },
          page(
            "/workflows",
            "workflows",
            async () => (await import("./workflows/WorkflowsPage.tsx")).WorkflowsPage,
          ),
          page(
            "/settings",
            "settings",
            async () => (await import("./settings/SettingsPage.tsx")).SettingsPage,
          ),
          page("/ui", "gallery", async () => (await import("./gallery/GalleryPage.tsx")).GalleryPage),
          { path: "*", element: <NotFoundPage /> },
        ],
      },
    ],
  },
  {
    HydrateFallback: PageSkeleton,
    children: [page("/sign-in", "signIn", async () => (await import("./signIn/SignInPage.tsx")).SignInPage)],
  },
];

export const createRouter = () => createBrowserRouter(routes);

/** `texts`: the folder of the page, which is the namespace of its words. */
function page(path: string, texts: string, load: () => Promise<ComponentType>): RouteObject {
  return {
    path,
    lazy: async () => {
      const [Component] = await Promise.all([load(), loadTexts(texts)]);
      return { Component };
    },
  };
}
