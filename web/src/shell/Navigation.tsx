// The rail: the rooms, and at its foot whether the page is live.
import { Keyboard, Radio, RefreshCw } from "lucide-react";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { useConnection } from "../live/liveConnection.ts";
import { paths } from "../paths.ts";
import { classes } from "../ui/classes.ts";
import { IconButton } from "../ui/IconButton.tsx";
import { Brand } from "./Brand.tsx";
import { openOverlay } from "./overlays.ts";
import { type Room, rooms } from "./rooms.ts";

export function Navigation({ onGo }: { onGo?: () => void }) {
  const { t } = useTranslation("shell");
  return (
    <nav aria-label={t("navigation")} className="flex h-full flex-col gap-1 bg-bg px-2 py-2.5">
      <NavLink to={paths.home()} {...(onGo ? { onClick: onGo } : {})} className="mb-2 rounded-md px-2 py-1">
        <Brand />
      </NavLink>
      <ul className="flex flex-col gap-0.5">
        {rooms.map((room) => (
          <li key={room.id}>
            <RoomLink room={room} {...(onGo ? { onGo } : {})} />
          </li>
        ))}
      </ul>
      <div className="mt-auto flex items-center justify-between gap-2 ps-2">
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

function RoomLink({ room, onGo }: { room: Room; onGo?: () => void }) {
  const { t } = useTranslation("shell");
  const Icon = room.icon;
  return (
    <NavLink
      to={room.to}
      end={room.to === paths.home()}
      {...(onGo ? { onClick: onGo } : {})}
      className={({ isActive }) =>
        classes(
          "flex h-8 items-center gap-2.5 rounded-md px-2 text-sm pointer-coarse:h-11",
          isActive ? "bg-sunken font-medium text-text" : "text-muted hover:bg-hover hover:text-text",
        )
      }
    >
      <Icon aria-hidden className="size-4" strokeWidth={1.75} />
      {t(`rooms.${room.id}`)}
    </NavLink>
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
