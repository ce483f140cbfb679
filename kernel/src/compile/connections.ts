// The graph of each body: wires, cycles, joins, roots and ends.
import type { Compilation, Mutable } from "../compile.ts";
import type { Connection } from "../definition.ts";
import type { Frame, ProgramNode, Wire } from "../program.ts";
import { isBlock } from "./nodes.ts";

export function checkConnections(compilation: Compilation): void {
  for (const [index, connection] of compilation.definition.connections.entries())
    addWire(compilation, connection, index);
  for (const keys of frameKeys(compilation)) buildFrame(compilation, keys);
  for (const node of compilation.nodes.values())
    if (!compilation.unsound.has(node.id)) checkJoin(compilation, node);
}

function addWire(compilation: Compilation, connection: Connection, index: number): void {
  const path = `/connections/${index}`;
  const add = (field: string, code: string, message: string, remedy: string, node?: string): void => {
    compilation.problems.push({
      code,
      message,
      remedy,
      path: `${path}/${field}`,
      ...(node === undefined ? {} : { node }),
    });
  };
  if (compilation.unsound.has(connection.from) || compilation.unsound.has(connection.to)) return;
  const from = compilation.nodes.get(connection.from);
  const to = compilation.nodes.get(connection.to);
  if (!from)
    return add(
      "from",
      "DANGLING_WIRE",
      `There is no node "${connection.from}".`,
      "Connect existing nodes, or remove the connection.",
    );
  if (!to)
    return add(
      "to",
      "DANGLING_WIRE",
      `There is no node "${connection.to}".`,
      "Connect existing nodes, or remove the connection.",
    );
  const input = connection.input ?? "main";
  if (to.type.inputs?.some((entry) => entry.name === input && entry.attachment)) {
    if (from.type.structure === "attachment" && from.type.attaches === input) return;
    return add(
      "from",
      "NOT_AN_ATTACHMENT",
      `"${from.name}" cannot be the ${input} of "${to.name}".`,
      `Connect a sub-node that is made to be a ${input}.`,
      from.id,
    );
  }
  if (from.type.structure === "attachment")
    return add(
      "from",
      "NOT_A_DATA_NODE",
      `"${from.name}" only configures other nodes.`,
      "Connect it to an attachment input.",
      from.id,
    );
  if (from.frame !== to.frame)
    return add(
      "to",
      "WIRE_CROSSES_BLOCK",
      `The wire from "${from.name}" to "${to.name}" crosses the border of a block.`,
      "Connect within one body; a block is entered and left through its own ports.",
      to.id,
    );
  const port = connection.port ?? from.ports[0] ?? "main";
  if (!from.ports.includes(port))
    return add(
      "port",
      "UNKNOWN_PORT",
      `"${from.name}" has no port "${port}".`,
      from.ports.length > 0 ? `Its ports: ${from.ports.join(", ")}.` : "It has no output ports.",
      from.id,
    );
  if (!to.dataInputs.some((entry) => entry.name === input))
    return add(
      "input",
      "UNKNOWN_INPUT",
      `"${to.name}" has no input "${input}".`,
      to.dataInputs.length > 0
        ? `Its inputs: ${to.dataInputs.map((entry) => entry.name).join(", ")}.`
        : "It takes no input.",
      to.id,
    );
  (to.wires as Wire[]).push({ from: from.id, port, input, index });
  if (!from.targets.includes(to.id)) (from.targets as string[]).push(to.id);
}

function frameKeys(compilation: Compilation): { key: string; block: string | null }[] {
  const keys: { key: string; block: string | null }[] = [{ key: "", block: null }];
  for (const node of compilation.nodes.values())
    if (isBlock(node.type))
      for (const section of ["body", "catch", "finally", "compensation"])
        keys.push({ key: `${node.id}:${section}`, block: node.id });
  return keys;
}

function buildFrame(compilation: Compilation, about: { key: string; block: string | null }): void {
  const section = (about.key.split(":")[1] ?? "body") as Frame["section"];
  const nodes = [...compilation.nodes.values()].filter(
    (node) =>
      node.frame === about.key && node.type.structure !== "attachment" && !compilation.unsound.has(node.id),
  );
  if (nodes.length === 0 && about.block !== null && section !== "body") return;
  const order = topological(compilation, nodes);
  if (!order) return;
  for (const id of order) addAncestors(compilation, id);
  const block = about.block === null ? undefined : compilation.nodes.get(about.block);
  if (section === "compensation") {
    for (const node of nodes)
      if (node.wires.length === 0)
        addFrame(
          compilation,
          { ...about, key: `${about.key}:${node.id}`, section },
          reachable(compilation, node),
          order,
        );
    for (const node of nodes) node.frame = about.key;
  } else {
    addFrame(compilation, { ...about, section }, new Set(nodes.map((node) => node.id)), order);
    if (block) block.sections[section] = about.key;
  }
  if (section === "compensation" && block) block.sections.compensation = about.key;
}

function addFrame(
  compilation: Compilation,
  about: { key: string; block: string | null; section: Frame["section"] },
  members: ReadonlySet<string>,
  order: readonly string[],
): void {
  const nodes = order.filter((id) => members.has(id)).map((id) => compilation.nodes.get(id) as ProgramNode);
  const inOrder = [...compilation.nodes.keys()]
    .filter((id) => members.has(id))
    .map((id) => compilation.nodes.get(id) as ProgramNode);
  compilation.program.frames.set(about.key, {
    ...about,
    nodes: nodes.map((node) => node.id),
    roots: nodes.filter((node) => node.wires.length === 0).map((node) => node.id),
    sinks: inOrder.filter((node) => node.targets.length === 0).map((node) => node.id),
  });
}

function reachable(compilation: Compilation, root: ProgramNode): Set<string> {
  const found = new Set<string>([root.id]);
  for (const id of found) for (const target of compilation.nodes.get(id)?.targets ?? []) found.add(target);
  return found;
}

/** Kahn's order; a cycle is a problem that names its nodes. */
function topological(compilation: Compilation, nodes: readonly ProgramNode[]): string[] | undefined {
  const waiting = new Map(nodes.map((node) => [node.id, new Set(node.wires.map((wire) => wire.from)).size]));
  const order = nodes.filter((node) => waiting.get(node.id) === 0).map((node) => node.id);
  for (const id of order)
    for (const target of compilation.nodes.get(id)?.targets ?? []) {
      const left = (waiting.get(target) ?? 0) - 1;
      waiting.set(target, left);
      if (left === 0) order.push(target);
    }
  if (order.length === nodes.length) return order;
  const cycle = nodes.filter((node) => (waiting.get(node.id) ?? 0) > 0).map((node) => node.id);
  compilation.problems.push({
    code: "CYCLE",
    message: `These nodes form a cycle or follow one: ${cycle.slice(0, 10).join(", ")}.`,
    remedy: "Use a for-each or while block to repeat nodes.",
    path: "/connections",
    ...(cycle[0] === undefined ? {} : { node: cycle[0] }),
  });
  return undefined;
}

function addAncestors(compilation: Compilation, id: string): void {
  const node = compilation.nodes.get(id) as ProgramNode;
  const ancestors = node.ancestors as Set<string>;
  for (const wire of node.wires) {
    ancestors.add(wire.from);
    for (const further of compilation.nodes.get(wire.from)?.ancestors ?? []) ancestors.add(further);
  }
}

function checkJoin(compilation: Compilation, node: Mutable<ProgramNode>): void {
  const { join } = node;
  if (typeof join === "object" && join.n > node.wires.length)
    compilation.problems.push({
      code: "JOIN_INVALID",
      message: `The join waits for ${join.n} wires but has ${node.wires.length}.`,
      remedy: "Lower `n` or connect more wires.",
      path: `/nodes/${compilation.definition.nodes.indexOf(node.def)}/join`,
      node: node.id,
    });
  if (join === "first" || typeof join === "object") node.losers = postDominated(compilation, node);
}

/** Ancestors of the join all of whose ways lead into it: when it has started, their work serves nobody. */
function postDominated(compilation: Compilation, join: ProgramNode): string[] {
  const doomed = new Set<string>([join.id]);
  const frame = compilation.program.frames.get(join.frame);
  for (const id of [...(frame?.nodes ?? [])].reverse()) {
    const node = compilation.nodes.get(id) as ProgramNode;
    if (
      join.ancestors.has(id) &&
      node.targets.length > 0 &&
      node.targets.every((target) => doomed.has(target))
    )
      doomed.add(id);
  }
  doomed.delete(join.id);
  return [...doomed];
}
