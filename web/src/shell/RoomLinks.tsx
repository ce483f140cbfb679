// The links to the rooms, in their groups, in the rail and in the drawer.
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";
import { paths } from "../paths.ts";
import { classes } from "../ui/classes.ts";
import { type Room, type RoomGroup, roomGroups } from "./rooms.ts";

export function RoomLinks({ onGo }: { onGo?: () => void }) {
  return (
    <div className="flex flex-col gap-3 pt-1">
      {roomGroups.map((group) => (
        <Group key={group.id} group={group} {...(onGo ? { onGo } : {})} />
      ))}
    </div>
  );
}

function Group({ group: { id, rooms }, onGo }: { group: RoomGroup; onGo?: () => void }) {
  const { t } = useTranslation("shell");
  const headingId = useId();
  return (
    <div>
      <p id={headingId} className="px-2 pb-1 font-medium text-faint text-xs">
        {t(`groups.${id}`)}
      </p>
      <ul aria-labelledby={headingId} className="flex flex-col gap-0.5">
        {rooms.map((room) => (
          <li key={room.id}>
            <RoomLink room={room} {...(onGo ? { onGo } : {})} />
          </li>
        ))}
      </ul>
    </div>
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
