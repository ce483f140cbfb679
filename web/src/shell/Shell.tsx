// The frame around every page for those who are signed in: navigation, live connection, palette, shortcuts. Who is not
// signed in is sent to the sign-in page, which leads back to the address that was asked for.
import { lazy, Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, Outlet, useLocation } from "react-router";
import { useMe } from "../api/account.ts";
import { queryClient } from "../api/queryClient.ts";
import { signOutReason, useSession } from "../api/session.ts";
import { askAgainWhatChanges } from "../live/changes.ts";
import { openLive } from "../live/liveConnection.ts";
import { patchFromLive } from "../live/patchCache.ts";
import { paths } from "../paths.ts";
import { ConnectionBanner } from "./ConnectionBanner.tsx";
import { Navigation } from "./Navigation.tsx";
import { NavigationSheet } from "./NavigationSheet.tsx";
import { useOverlay } from "./overlays.ts";
import { useShortcuts } from "./shortcuts.ts";
import { useShellCommands } from "./useShellCommands.ts";

const CommandPalette = lazy(() => import("./CommandPalette.tsx"));
const ShortcutSheet = lazy(() => import("./ShortcutSheet.tsx"));

export function Shell() {
  const session = useSession();
  const { pathname, search } = useLocation();
  if (session === null) {
    const to = signOutReason() === "asked" ? paths.signIn() : paths.signIn(`${pathname}${search}`);
    return <Navigate to={to} replace />;
  }
  return <SignedIn />;
}

function SignedIn() {
  const { t } = useTranslation("shell");
  const overlay = useOverlay();
  const { pathname } = useLocation();
  const { data: me } = useMe();
  useShellCommands();
  useShortcuts();

  // The connection lives as long as somebody is signed in and looks.
  useEffect(() => {
    const close = openLive();
    const ends = [patchFromLive(queryClient), askAgainWhatChanges(queryClient)];
    return () => {
      for (const end of ends) end();
      close();
    };
  }, []);

  // The organization wants a second factor first, and nothing else of it opens before.
  if (me?.mfaNeeded === true && pathname !== paths.security())
    return <Navigate to={paths.security()} replace />;
  return (
    <div className="grid h-full grid-cols-1 md:grid-cols-[13rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:fixed focus:start-2 focus:top-2 focus:z-60 focus:rounded-md focus:bg-accent focus:px-3 focus:py-2 focus:text-on-accent"
      >
        {t("skipToContent")}
      </a>
      <div className="hidden border-line border-e md:block">
        <Navigation />
      </div>
      <NavigationSheet />
      <div className="flex min-h-0 min-w-0 flex-col">
        <ConnectionBanner />
        <Outlet />
      </div>
      <Suspense>
        {overlay === "palette" && <CommandPalette />}
        {overlay === "shortcuts" && <ShortcutSheet />}
      </Suspense>
    </div>
  );
}
