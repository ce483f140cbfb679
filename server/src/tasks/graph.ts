// What hangs on what: circles found with their path, what comes before and behind a task, the longest way. Pure.
export type Edge = {
  /** Comes first. */
  from: string;
  to: string;
};

/** The circle that `edges` would close, first node repeated at its end; undefined = there is none. */
export function findCycle(edges: readonly Edge[]): string[] | undefined {
  const next = Map.groupBy(edges, ({ from }) => from);
  const state = new Map<string, "open" | "done">();
  for (const start of next.keys()) {
    if (state.has(start)) continue;
    // By hand, not by recursion: a chain of ten thousand tasks is no reason to run out of stack.
    const path: { node: string; place: number }[] = [{ node: start, place: 0 }];
    state.set(start, "open");
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const to = next.get(top.node)?.[top.place]?.to;
      top.place += 1;
      if (to === undefined) {
        state.set(top.node, "done");
        path.pop();
      } else if (state.get(to) === "open") {
        const nodes = path.map(({ node }) => node);
        return [...nodes.slice(nodes.indexOf(to)), to];
      } else if (!state.has(to)) {
        state.set(to, "open");
        path.push({ node: to, place: 0 });
      }
    }
  }
  return undefined;
}

/** Everything that hangs on the given ones, directly or not; without them. */
export function downstreamOf(edges: readonly Edge[], starts: readonly string[]): Set<string> {
  return reach(
    Map.groupBy(edges, ({ from }) => from),
    starts,
    ({ to }) => to,
  );
}

/** Everything that the given ones hang on. */
export function upstreamOf(edges: readonly Edge[], starts: readonly string[]): Set<string> {
  return reach(
    Map.groupBy(edges, ({ to }) => to),
    starts,
    ({ from }) => from,
  );
}

function reach(
  by: Map<string, Edge[]>,
  starts: readonly string[],
  other: (edge: Edge) => string,
): Set<string> {
  const found = new Set<string>();
  const open = [...starts];
  for (let node = open.pop(); node !== undefined; node = open.pop())
    for (const edge of by.get(node) ?? []) {
      const to = other(edge);
      if (found.has(to) || starts.includes(to)) continue;
      found.add(to);
      open.push(to);
    }
  return found;
}

export type Ways = {
  /** Tasks before it on its longest way, counted. */
  levels: Map<string, number>;
  /** From its start to the end of everything that hangs on it, ms. */
  tails: Map<string, number>;
  critical: Set<string>;
};

/** `edges` must be free of circles. */
export function waysOf(
  nodes: readonly string[],
  edges: readonly Edge[],
  durationMs: (node: string) => number,
): Ways {
  const order = inOrder(nodes, edges);
  const before = Map.groupBy(edges, ({ to }) => to);
  const behind = Map.groupBy(edges, ({ from }) => from);
  const levels = new Map<string, number>();
  const heads = new Map<string, number>();
  for (const node of order) {
    const froms = (before.get(node) ?? []).map(({ from }) => from);
    levels.set(node, Math.max(-1, ...froms.map((from) => levels.get(from) ?? 0)) + 1);
    heads.set(node, Math.max(0, ...froms.map((from) => (heads.get(from) ?? 0) + durationMs(from))));
  }
  const tails = new Map<string, number>();
  for (const node of order.toReversed()) {
    const rest = (behind.get(node) ?? []).map(({ to }) => tails.get(to) ?? 0);
    tails.set(node, durationMs(node) + Math.max(0, ...rest));
  }
  const length = Math.max(0, ...order.map((node) => (heads.get(node) ?? 0) + (tails.get(node) ?? 0)));
  const isCritical = (node: string) => (heads.get(node) ?? 0) + (tails.get(node) ?? 0) === length;
  const linked = new Set(edges.flatMap(({ from, to }) => [from, to]));
  return { levels, tails, critical: new Set(order.filter((node) => linked.has(node) && isCritical(node))) };
}

/** Each behind all that it hangs on. */
export function inOrder(nodes: readonly string[], edges: readonly Edge[]): string[] {
  const known = new Set(nodes);
  const inside = edges.filter(({ from, to }) => known.has(from) && known.has(to));
  const missing = new Map(nodes.map((node) => [node, 0]));
  for (const { to } of inside) missing.set(to, (missing.get(to) ?? 0) + 1);
  const behind = Map.groupBy(inside, ({ from }) => from);
  const ready = nodes.filter((node) => missing.get(node) === 0);
  const order: string[] = [];
  for (let place = 0; place < ready.length; place += 1) {
    const node = ready[place] as string;
    order.push(node);
    for (const { to } of behind.get(node) ?? []) {
      const left = (missing.get(to) ?? 1) - 1;
      missing.set(to, left);
      if (left === 0) ready.push(to);
    }
  }
  return order;
}
