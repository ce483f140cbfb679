// Short messages from anywhere: `toast.success("Saved")`. A store outside of React, so that code without a component
// (the live stream, a mutation) may speak too. <Toaster> shows them.
export type Toast = {
  id: number;
  tone: "ok" | "fail" | "quiet";
  title: string;
  detail?: string;
  action?: { label: string; onAct(): void };
};

type More = Omit<Toast, "id" | "tone" | "title">;

const SHOWN_MAX = 4;
const listeners = new Set<() => void>();
let toasts: readonly Toast[] = [];
let lastId = 0;

export const toast = {
  success: (title: string, more?: More) => add({ tone: "ok", title, ...more }),
  failure: (title: string, more?: More) => add({ tone: "fail", title, ...more }),
  info: (title: string, more?: More) => add({ tone: "quiet", title, ...more }),
};

export function dismissToast(id: number): void {
  set(toasts.filter((one) => one.id !== id));
}

export function currentToasts(): readonly Toast[] {
  return toasts;
}

export function onToastsChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function add(one: Omit<Toast, "id">): void {
  lastId += 1;
  set([...toasts, { id: lastId, ...one }].slice(-SHOWN_MAX));
}

function set(next: readonly Toast[]): void {
  toasts = next;
  for (const listener of listeners) listener();
}
