// The rail: the rooms, and at its foot whether the page is live.
import { Keyboard, Radio, RefreshCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useConnection } from "../live/liveConnection.ts";
import { paths } from "../paths.ts";
import { classes } from "../ui/classes.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { AccountMenu } from "./AccountMenu.tsx";
import { Brand } from "./Brand.tsx";
import { openOverlay } from "./overlays.ts";
import { RoomLinks } from "./RoomLinks.tsx";

export function Navigation() {
  const { t } = useTranslation("shell");
  return (
    <nav aria-label={t("navigation")} className="flex h-full flex-col gap-1 bg-bg px-2 py-2.5">
      <Link to={paths.home()} className="mb-2 rounded-md px-2 py-1">
        <Brand />
      </Link>
      <div className="-mx-1 min-h-0 flex-1 overflow-y-auto px-1">
        <RoomLinks />
      </div>
      <div>
        <AccountMenu />
      </div>
      <div className="flex items-center justify-between gap-2 ps-2">
        <LiveSign />
        <IconButton
          icon={Keyboard}
          label={t("shortcuts.title")}
          hint="?"
          onClick={() => openOverlay("shortcuts")}
        />
      </div>
    </nav>
  );
}

function LiveSign() {
  const { t } = useTranslation("shell");
  const connection = useConnection();
  const isLive = connection === "live";
  const Icon = isLive ? Radio : RefreshCw;
  return (
    <span className={classes("flex items-center gap-1.5 text-xs", isLive ? "text-ok" : "text-muted")}>
      <Icon aria-hidden className="size-3.5" />
      {t(`live.${isLive ? "live" : "connecting"}`)}
    </span>
  );
}
