// Is it a definition at all? Types, sizes, nesting, ids: everything that later checks take for granted.
import type { Problem } from "../definition.ts";
import { isObject } from "../json.ts";
import { BOUNDS } from "../program.ts";

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const SECTIONS = ["body", "catch", "finally", "compensation"];
const ON_ERROR = ["fail", "fallback", "errorPort", "park"];

export function checkShape(definition: unknown): Problem[] {
  const problems: Problem[] = [];
  const add = (path: string, code: string, message: string, remedy: string, node?: string): void => {
    problems.push({ code, message, remedy, path, ...(node === undefined ? {} : { node }) });
  };
  if (!isObject(definition)) {
    add("", "NOT_A_DEFINITION", "A workflow definition is an object.", "Send {name, nodes, connections}.");
    return problems;
  }
  if (tooDeep(definition, BOUNDS.definitionDepthMax)) {
    add(
      "",
      "TOO_DEEP",
      `The definition is nested deeper than ${BOUNDS.definitionDepthMax} levels.`,
      "Flatten the config values.",
    );
    return problems;
  }
  if (typeof definition.name !== "string" || definition.name.trim() === "" || definition.name.length > 255)
    add("/name", "NAME_INVALID", "The workflow needs a name of 1 to 255 characters.", "Add a `name`.");
  if (!Array.isArray(definition.nodes))
    add("/nodes", "NODES_MISSING", "`nodes` must be a list.", "Add `nodes: []`.");
  else if (definition.nodes.length > BOUNDS.nodesMax)
    add(
      "/nodes",
      "TOO_MANY_NODES",
      `At most ${BOUNDS.nodesMax} nodes; this has ${definition.nodes.length}.`,
      "Move parts into sub-workflows.",
    );
  else for (const [index, node] of definition.nodes.entries()) checkNode(node, `/nodes/${index}`, add);
  if (!Array.isArray(definition.connections))
    add("/connections", "CONNECTIONS_MISSING", "`connections` must be a list.", "Add `connections: []`.");
  else if (definition.connections.length > BOUNDS.connectionsMax)
    add(
      "/connections",
      "TOO_MANY_CONNECTIONS",
      `At most ${BOUNDS.connectionsMax} connections.`,
      "Move parts into sub-workflows.",
    );
  else
    for (const [index, connection] of definition.connections.entries())
      checkConnection(connection, `/connections/${index}`, add);
  if (definition.settings !== undefined) checkSettings(definition.settings, add);
  return problems;
}

type Add = (path: string, code: string, message: string, remedy: string, node?: string) => void;

function checkNode(node: unknown, path: string, add: Add): void {
  if (!isObject(node)) return add(path, "NODE_INVALID", "A node is an object.", "Use {id, type, config}.");
  const id = typeof node.id === "string" ? node.id : undefined;
  if (id === undefined || !ID.test(id))
    add(
      `${path}/id`,
      "ID_INVALID",
      "A node id is 1 to 64 letters, digits, `_` or `-`.",
      "Give the node a short id; put the readable text in `name`.",
      id,
    );
  if (typeof node.type !== "string" || node.type === "")
    add(`${path}/type`, "TYPE_MISSING", "The node has no type.", "Set `type`, for example `http`.", id);
  if (
    node.name !== undefined &&
    (typeof node.name !== "string" || node.name === "" || node.name.length > 255)
  )
    add(
      `${path}/name`,
      "NAME_INVALID",
      "A node name is text of 1 to 255 characters.",
      "Shorten or remove `name`.",
      id,
    );
  if (node.config !== undefined && !isObject(node.config))
    add(`${path}/config`, "CONFIG_INVALID", "`config` must be an object.", "Use `config: {}`.", id);
  if (node.parent !== undefined && typeof node.parent !== "string")
    add(
      `${path}/parent`,
      "PARENT_INVALID",
      "`parent` is the id of a block.",
      "Use the block's id or remove `parent`.",
      id,
    );
  if (node.section !== undefined && !SECTIONS.includes(node.section as string))
    add(
      `${path}/section`,
      "SECTION_INVALID",
      `\`section\` is one of ${SECTIONS.join(", ")}.`,
      "Correct or remove `section`.",
      id,
    );
  if (node.compensate !== undefined && typeof node.compensate !== "string")
    add(
      `${path}/compensate`,
      "COMPENSATE_INVALID",
      "`compensate` is the id of a compensation node.",
      "Use a node id.",
      id,
    );
  if (node.join !== undefined && !isJoin(node.join))
    add(
      `${path}/join`,
      "JOIN_INVALID",
      "`join` is any, all, first or {n: number >= 1}.",
      "Correct or remove `join`.",
      id,
    );
  if (node.pinned !== undefined && !Array.isArray(node.pinned))
    add(
      `${path}/pinned`,
      "PINNED_INVALID",
      "`pinned` is a list of json values, one per item.",
      "Use a list.",
      id,
    );
  if (node.errorHandling !== undefined)
    checkErrorHandling(node.errorHandling, `${path}/errorHandling`, add, id);
}

function isJoin(join: unknown): boolean {
  if (join === "any" || join === "all" || join === "first") return true;
  return isObject(join) && Number.isInteger(join.n) && (join.n as number) >= 1;
}

function checkErrorHandling(handling: unknown, path: string, add: Add, id: string | undefined): void {
  if (!isObject(handling))
    return add(
      path,
      "ERROR_HANDLING_INVALID",
      "`errorHandling` is an object.",
      "Use {retry, timeoutMs, onError}.",
      id,
    );
  if (handling.onError !== undefined && !ON_ERROR.includes(handling.onError as string))
    add(
      `${path}/onError`,
      "ON_ERROR_INVALID",
      `\`onError\` is one of ${ON_ERROR.join(", ")}.`,
      "Correct or remove it.",
      id,
    );
  if (handling.timeoutMs !== undefined && !isPositive(handling.timeoutMs))
    add(`${path}/timeoutMs`, "TIMEOUT_INVALID", "`timeoutMs` is a number above 0.", "Give milliseconds.", id);
  const retry = handling.retry;
  if (retry === undefined) return;
  if (!isObject(retry))
    return add(
      `${path}/retry`,
      "RETRY_INVALID",
      "`retry` is an object.",
      "Use {attempts, backoff, delayMs}.",
      id,
    );
  if (
    !Number.isInteger(retry.attempts) ||
    (retry.attempts as number) < 1 ||
    (retry.attempts as number) > 1000
  )
    add(
      `${path}/retry/attempts`,
      "RETRY_INVALID",
      "`attempts` is a whole number from 1 to 1000, the first attempt included.",
      "Set `attempts`.",
      id,
    );
  for (const field of ["delayMs", "delayMsMax", "factor"])
    if (
      retry[field] !== undefined &&
      !(typeof retry[field] === "number" && (retry[field] as number) >= 0 && Number.isFinite(retry[field]))
    )
      add(
        `${path}/retry/${field}`,
        "RETRY_INVALID",
        `\`${field}\` is a number from 0.`,
        "Correct or remove it.",
        id,
      );
  if (retry.backoff !== undefined && retry.backoff !== "constant" && retry.backoff !== "exponential")
    add(
      `${path}/retry/backoff`,
      "RETRY_INVALID",
      "`backoff` is constant or exponential.",
      "Correct or remove it.",
      id,
    );
  if (
    retry.jitter !== undefined &&
    !(typeof retry.jitter === "number" && retry.jitter >= 0 && retry.jitter <= 1)
  )
    add(
      `${path}/retry/jitter`,
      "RETRY_INVALID",
      "`jitter` is a share from 0 to 1.",
      "Correct or remove it.",
      id,
    );
  if (
    retry.on !== undefined &&
    !(Array.isArray(retry.on) && retry.on.every((entry) => typeof entry === "string"))
  )
    add(
      `${path}/retry/on`,
      "RETRY_INVALID",
      "`on` is a list of error classes.",
      "Use for example [network, server].",
      id,
    );
}

function checkConnection(connection: unknown, path: string, add: Add): void {
  if (!isObject(connection) || typeof connection.from !== "string" || typeof connection.to !== "string")
    return add(
      path,
      "CONNECTION_INVALID",
      "A connection is {from, port?, to, input?} with node ids.",
      "Correct the connection.",
    );
  for (const field of ["port", "input"])
    if (connection[field] !== undefined && typeof connection[field] !== "string")
      add(`${path}/${field}`, "CONNECTION_INVALID", `\`${field}\` is text.`, "Correct or remove it.");
}

function checkSettings(settings: unknown, add: Add): void {
  if (!isObject(settings))
    return add("/settings", "SETTINGS_INVALID", "`settings` is an object.", "Correct or remove it.");
  if (settings.timeoutMs !== undefined && !isPositive(settings.timeoutMs))
    add("/settings/timeoutMs", "TIMEOUT_INVALID", "`timeoutMs` is a number above 0.", "Give milliseconds.");
  if (
    settings.expressions !== undefined &&
    settings.expressions !== "strict" &&
    settings.expressions !== "lenient"
  )
    add(
      "/settings/expressions",
      "SETTINGS_INVALID",
      "`expressions` is strict or lenient.",
      "Correct or remove it.",
    );
  for (const field of ["timezone", "errorWorkflow"])
    if (settings[field] !== undefined && (typeof settings[field] !== "string" || settings[field] === ""))
      add(`/settings/${field}`, "SETTINGS_INVALID", `\`${field}\` is text.`, "Correct or remove it.");
  const { sensitive } = settings;
  if (
    sensitive !== undefined &&
    !(Array.isArray(sensitive) && sensitive.length <= SENSITIVE_MAX && sensitive.every(isFieldPath))
  )
    add(
      "/settings/sensitive",
      "SETTINGS_INVALID",
      `\`sensitive\` is a list of at most ${SENSITIVE_MAX} paths such as customer.email, *.card or **.password.`,
      "Names with dots between them; * is any one name, ** any number of them.",
    );
  const concurrency = settings.concurrency;
  if (concurrency === undefined) return;
  if (!isObject(concurrency) || !Number.isInteger(concurrency.limit) || (concurrency.limit as number) < 1)
    add(
      "/settings/concurrency",
      "SETTINGS_INVALID",
      "`concurrency` is {limit: number >= 1, key?, overlap?}.",
      "Correct or remove it.",
    );
  else if (
    concurrency.overlap !== undefined &&
    !["queue", "skip", "cancelOther"].includes(concurrency.overlap as string)
  )
    add(
      "/settings/concurrency/overlap",
      "SETTINGS_INVALID",
      "`overlap` is queue, skip or cancelOther.",
      "Correct or remove it.",
    );
}

const SENSITIVE_MAX = 100;

function isFieldPath(value: unknown): boolean {
  return (
    typeof value === "string" && value.length <= 300 && /^(\*\*|\*|[^.*]+)(\.(\*\*|\*|[^.*]+))*$/.test(value)
  );
}

function isPositive(value: unknown): boolean {
  return typeof value === "number" && Number.isFinite(value) && value > 0;
}

/** Iterative, so that a hostile depth cannot overflow the stack. */
function tooDeep(root: unknown, levelsMax: number): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > levelsMax) return true;
    const next: unknown[] = [];
    for (const value of level)
      if (typeof value === "object" && value !== null)
        for (const child of Object.values(value))
          if (typeof child === "object" && child !== null) next.push(child);
    level = next;
  }
  return false;
}
