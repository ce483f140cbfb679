// The rooms of the app, in the order of the navigation, by what a person does there. Only rooms that exist: a link never leads to a promise.
import {
  Bell,
  Cpu,
  Database,
  House,
  KeyRound,
  Layers,
  ListChecks,
  ListTree,
  type LucideIcon,
  Radio,
  ScrollText,
  Settings,
  ShieldAlert,
  Timer,
  Users,
  Workflow,
} from "lucide-react";
import { paths } from "../paths.ts";

export type Room = {
  /** Text key in shell/texts. */
  id:
    | "home"
    | "workflows"
    | "executions"
    | "schedules"
    | "events"
    | "connections"
    | "data"
    | "tasks"
    | "pools"
    | "alerts"
    | "workers"
    | "members"
    | "incidents"
    | "audit"
    | "settings";
  to: string;
  icon: LucideIcon;
  keys: string;
};

export type RoomGroup = {
  /** Text key in shell/texts. */
  id: "build" | "start" | "resources" | "manage";
  rooms: readonly Room[];
};

export const roomGroups: readonly RoomGroup[] = [
  {
    id: "build",
    rooms: [
      { id: "home", to: paths.home(), icon: House, keys: "g h" },
      { id: "workflows", to: paths.workflows(), icon: Workflow, keys: "g w" },
      { id: "executions", to: paths.executions(), icon: ListTree, keys: "g e" },
    ],
  },
  {
    id: "start",
    rooms: [
      { id: "schedules", to: paths.schedules(), icon: Timer, keys: "g c" },
      { id: "tasks", to: paths.tasks(), icon: ListChecks, keys: "g t" },
      { id: "events", to: paths.events(), icon: Radio, keys: "g v" },
    ],
  },
  {
    id: "resources",
    rooms: [
      { id: "connections", to: paths.connections(), icon: KeyRound, keys: "g n" },
      { id: "data", to: paths.data(), icon: Database, keys: "g d" },
      { id: "pools", to: paths.pools(), icon: Layers, keys: "g l" },
      { id: "workers", to: paths.workers(), icon: Cpu, keys: "g k" },
    ],
  },
  {
    id: "manage",
    rooms: [
      { id: "alerts", to: paths.alerts(), icon: Bell, keys: "g a" },
      { id: "members", to: paths.members(), icon: Users, keys: "g p" },
      { id: "incidents", to: paths.incidents(), icon: ShieldAlert, keys: "g i" },
      { id: "audit", to: paths.audit(), icon: ScrollText, keys: "g u" },
      { id: "settings", to: paths.settings(), icon: Settings, keys: "g s" },
    ],
  },
];

export const rooms: readonly Room[] = roomGroups.flatMap((group) => group.rooms);
