// What changed beside executions (a task, a schedule, a worker ...), told to whoever watches the organization: only the
// topic, gathered for a moment, after it can be read. The truth stays in the tables; a page asks again for what it shows.
// Telling costs a look into a map when nobody watches, so that it may stand on any path.
import type { ChangeTopic } from "@auraos/contract";
import { systemTimers, type Timers } from "../platform/timers.ts";

export type Changes = {
  /** Of one organization; call it after the commit. */
  tell(orgId: string, ...topics: ChangeTopic[]): void;
  /** Of the whole server, such as its own workers. */
  tellAll(...topics: ChangeTopic[]): void;
  /** The result ends it. */
  watch(orgId: string, listener: (topics: readonly ChangeTopic[]) => void): () => void;
};

/** A page shall show it within a blink, and a busy server shall not send a thousand. */
const GATHER_MS = 50;

type Room = { listeners: Set<(topics: readonly ChangeTopic[]) => void>; gathered: Set<ChangeTopic> };

export function createChanges(timers: Timers = systemTimers): Changes {
  const rooms = new Map<string, Room>();
  return {
    tell(orgId, ...topics) {
      const room = rooms.get(orgId);
      if (room) gather(room, topics);
    },
    tellAll(...topics) {
      for (const room of rooms.values()) gather(room, topics);
    },
    watch(orgId, listener) {
      const room = rooms.get(orgId) ?? { listeners: new Set(), gathered: new Set() };
      rooms.set(orgId, room);
      room.listeners.add(listener);
      return () => {
        room.listeners.delete(listener);
        if (room.listeners.size === 0 && rooms.get(orgId) === room) rooms.delete(orgId);
      };
    },
  };

  function gather(room: Room, topics: readonly ChangeTopic[]): void {
    if (room.gathered.size === 0 && topics.length > 0)
      timers.after(GATHER_MS, () => {
        const told = [...room.gathered];
        room.gathered.clear();
        for (const listener of room.listeners) listener(told);
      });
    for (const topic of topics) room.gathered.add(topic);
  }
}
