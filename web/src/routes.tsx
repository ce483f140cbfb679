// The map of the app. Pages are loaded when they are first visited, together with their texts.
import type { ComponentType } from "react";
import { createBrowserRouter, type RouteObject } from "react-router";
import { currentLanguage, loadTexts } from "./i18n/i18n.ts";
import { NotFoundPage } from "./shell/NotFoundPage.tsx";
import { PageError } from "./shell/PageError.tsx";
import { PageSkeleton } from "./shell/PageSkeleton.tsx";
import { Shell } from "./shell/Shell.tsx";

const routes: RouteObject[] = [
  {
    element: <Shell />,
    errorElement: <PageError />,
    HydrateFallback: PageSkeleton,
    children: [
      {
        errorElement: <PageError />,
        children: [
          page("/", "home", async () => (await import("./home/HomePage.tsx")).HomePage),
          page(
            "/workflows",
            "workflows",
            async () => (await import("./workflows/WorkflowsPage.tsx")).WorkflowsPage,
          ),
          page("/workflows/:id", "builder", async () => {
            const [{ BuilderPage }] = await Promise.all([
              import("./builder/BuilderPage.tsx"),
              loadTexts("nodeTypes", "nodeFields", "problems"),
            ]);
            return BuilderPage;
          }),
          page(
            "/executions",
            "executions",
            async () => (await import("./executions/list/ExecutionsPage.tsx")).ExecutionsPage,
          ),
          page(
            "/executions/:id",
            "executions",
            async () => (await import("./executions/detail/ExecutionPage.tsx")).ExecutionPage,
          ),
          page(
            "/schedules",
            "schedules",
            async () => (await import("./schedules/SchedulesPage.tsx")).SchedulesPage,
          ),
          page("/events", "events", async () => (await import("./events/EventsPage.tsx")).EventsPage),
          page("/workers", "workers", async () => (await import("./workers/WorkersPage.tsx")).WorkersPage),
          page("/tasks", "tasks", async () => (await import("./tasks/TasksPage.tsx")).TasksPage),
          page("/pools", "pools", async () => (await import("./pools/PoolsPage.tsx")).PoolsPage),
          page("/alerts", "alerts", async () => (await import("./alerts/AlertsPage.tsx")).AlertsPage),
          page(
            "/settings",
            "settings",
            async () => (await import("./settings/SettingsPage.tsx")).SettingsPage,
          ),
          page("/data-protection", "dataProtection", async () => {
            // Its question for a password is that of security, with its words.
            const [{ DataProtectionPage }] = await Promise.all([
              import("./dataProtection/DataProtectionPage.tsx"),
              loadTexts("security"),
            ]);
            return DataProtectionPage;
          }),
          page("/connections", "connections", async () => {
            // Its form is that of the builder, with its words.
            const [{ ConnectionsPage }] = await Promise.all([
              import("./connections/ConnectionsPage.tsx"),
              loadTexts("builder", "connectionKinds"),
            ]);
            return ConnectionsPage;
          }),
          page(
            "/connections/authorized",
            "connections",
            async () => (await import("./connections/AuthorizedPage.tsx")).AuthorizedPage,
          ),
          page("/data", "data", async () => (await import("./data/DataPage.tsx")).DataPage),
          page("/backups", "backups", async () => (await import("./backups/BackupsPage.tsx")).BackupsPage),
          page("/members", "people", async () => (await import("./people/MembersPage.tsx")).MembersPage),
          page(
            "/security",
            "security",
            async () => (await import("./security/SecurityPage.tsx")).SecurityPage,
          ),
          page("/audit", "audit", async () => (await import("./audit/AuditPage.tsx")).AuditPage),
          page(
            "/incidents",
            "incidents",
            async () => (await import("./incidents/IncidentsPage.tsx")).IncidentsPage,
          ),
          page("/ui", "gallery", async () => (await import("./gallery/GalleryPage.tsx")).GalleryPage),
          { path: "*", element: <NotFoundPage /> },
        ],
      },
    ],
  },
  {
    errorElement: <PageError />,
    HydrateFallback: PageSkeleton,
    children: [
      page("/sign-in", "signIn", async () => (await import("./signIn/SignInPage.tsx")).SignInPage),
      page("/set-up", "signIn", async () => (await import("./signIn/SetUpPage.tsx")).SetUpPage),
      page("/invitation", "signIn", async () => (await import("./signIn/InvitationPage.tsx")).InvitationPage),
      page(
        "/reset-password",
        "signIn",
        async () => (await import("./signIn/ResetPasswordPage.tsx")).ResetPasswordPage,
      ),
    ],
  },
];

export const createRouter = () => createBrowserRouter(routes);

/** English readers have what the server says. */
function errorTexts(): string[] {
  return currentLanguage() === "en" ? [] : ["errors"];
}

/** `texts`: the folder of the page, which is the namespace of its words. Sentences of the server may stand on any page. */
function page(path: string, texts: string, load: () => Promise<ComponentType>): RouteObject {
  return {
    path,
    lazy: async () => {
      const [Component] = await Promise.all([load(), loadTexts(texts, "said", ...errorTexts())]);
      return { Component };
    },
  };
}
