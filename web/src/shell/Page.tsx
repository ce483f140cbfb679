// A page inside the shell: the bar with its name, the way to search, its actions; then its content. The title takes the
// focus when a person arrives, so that who listens hears where they are. `flush` leaves scrolling and padding to the
// content (the builder, long lists).
import { Menu as MenuIcon, Search } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigationType } from "react-router";
import { classes } from "../ui/classes.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { KeyHint } from "../ui/KeyHint.tsx";
import { openOverlay } from "./overlays.ts";

type PageProps = {
  title: string;
  /** Before the title: the way up. */
  crumbs?: readonly { label: string; to: string }[];
  /** Beside the title, such as a status. */
  aside?: ReactNode;
  actions?: ReactNode;
  flush?: boolean;
  children: ReactNode;
};

let hasArrivedBefore = false;

export function Page({ title, crumbs = [], aside, actions, flush = false, children }: PageProps) {
  const { t } = useTranslation("shell");
  const heading = useRef<HTMLHeadingElement>(null);
  const navigation = useNavigationType();

  // Not on the first page of all (the browser announces that) and not when only a filter in the address changed.
  useEffect(() => {
    if (hasArrivedBefore && navigation !== "REPLACE") heading.current?.focus({ preventScroll: true });
    hasArrivedBefore = true;
  }, [navigation]);

  return (
    <>
      <title>{`${title} · ${t("name")}`}</title>
      <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b px-2 sm:px-4">
        <IconButton
          icon={MenuIcon}
          label={t("openNavigation")}
          onClick={() => openOverlay("navigation")}
          className="md:hidden"
        />
        <div className="flex min-w-0 flex-1 items-center gap-1.5">
          {crumbs.map((crumb) => (
            <span key={crumb.to} className="hidden shrink-0 items-center gap-1.5 text-muted sm:flex">
              <Link to={crumb.to} className="rounded-sm hover:text-text hover:underline">
                {crumb.label}
              </Link>
              <span aria-hidden>/</span>
            </span>
          ))}
          <h1 ref={heading} tabIndex={-1} className="truncate font-semibold text-sm outline-none">
            {title}
          </h1>
          {aside}
        </div>
        <SearchButton />
        {actions}
      </header>
      <main
        id="content"
        tabIndex={-1}
        className={classes(
          "flex min-h-0 flex-1 flex-col outline-none",
          !flush && "gap-4 overflow-y-auto p-4 *:shrink-0 sm:p-6",
        )}
      >
        {children}
      </main>
    </>
  );
}

function SearchButton() {
  const { t } = useTranslation("shell");
  return (
    <>
      <IconButton
        icon={Search}
        label={t("palette.open")}
        onClick={() => openOverlay("palette")}
        className="lg:hidden"
      />
      <button
        type="button"
        onClick={() => openOverlay("palette")}
        className="hidden h-8 w-64 items-center gap-2 rounded-md border border-line-strong bg-panel px-2 text-faint text-sm hover:border-control-line lg:flex"
      >
        <Search aria-hidden className="size-4" />
        <span className="flex-1 truncate text-start">{t("palette.open")}</span>
        <KeyHint keys="Mod+K" />
      </button>
    </>
  );
}
