// Who may import whom. The reasons are in docs; the words a reader gets when they take a wrong turn are here.
import { posix } from "node:path";
import type { Import } from "./sources.ts";

type Room = {
  /** Rooms it may know. */
  knows: string[];
  /** Packages beyond its own package.json: none. A pure room lists what may be in there at all. */
  packages?: string[];
  isPure?: true;
  because: string;
};

export const rooms: Record<string, Room> = {
  kernel: {
    knows: [],
    packages: [],
    isPure: true,
    because: "the kernel decides and touches nothing; what it needs arrives as a parameter or in an event",
  },
  expression: {
    knows: [],
    packages: ["acorn", "re2js"],
    isPure: true,
    because: "the field language is the same in server and browser; the kernel receives it as a parameter",
  },
  intelligence: {
    knows: [],
    packages: [],
    isPure: true,
    because: "intelligence is pure functions over plain data; the server brings the data",
  },
  contract: {
    knows: ["kernel"],
    packages: ["zod"],
    because: "the contract is what server and web say to each other, and nothing else",
  },
  nodes: {
    knows: ["kernel"],
    because:
      "a node type describes itself in the kernel's words; what it needs at run time comes in its context",
  },
  server: {
    knows: ["contract", "kernel", "expression", "nodes", "intelligence"],
    because: "the server stands on the rooms below it; simulation and benchmarks look at it from outside",
  },
  web: {
    knows: ["contract", "expression", "kernel"],
    because: "the web app talks to the server over the contract",
  },
  sim: {
    knows: ["kernel", "expression", "nodes", "server"],
    because: "the simulation drives the kernel and the engine",
  },
  bench: {
    knows: ["contract", "kernel", "expression", "nodes", "intelligence", "server", "sim"],
    because: "",
  },
  examples: { knows: ["contract", "kernel", "expression", "nodes", "server"], because: "" },
  e2e: { knows: ["contract", "server"], because: "" },
};

/** What starts by itself is driven whole, over its own tables. */
const isOfServices = /^@auraos\/server\/((platform|schedules|events|tasks|pools)\/|deps\.ts$)/;

export type Packages = {
  /** Dependencies of the room's own package.json. */
  own(room: string): string[];
  /** Tools and test libraries of the root. */
  development: string[];
};

/** What is wrong with an import, in a sentence that says where to go instead; nothing when it is fine. */
export function wrongTurn({ file, specifier }: Import, packages: Packages): string | undefined {
  const name = roomOf(file);
  const room = rooms[name];
  if (!room) return undefined;
  const isTest = isForTests(file);

  if (specifier.startsWith(".")) return wrongPath(file, specifier, name, isTest);
  if (specifier.startsWith("node:")) {
    if (!room.isPure || isTest) return undefined;
    return `${name} is pure and cannot use ${specifier}: ${room.because}.`;
  }
  if (specifier.startsWith("@auraos/")) {
    const other = specifier.split("/")[1] ?? "";
    if (other === name) return `inside ${name} write the path, not ${specifier}.`;
    if (!room.knows.includes(other)) return `${name} does not know ${other}: ${room.because}.`;
    return name === "sim" &&
      other === "server" &&
      !/^@auraos\/server\/(engine|testing|migrations)\//.test(specifier) &&
      !(file.startsWith("sim/src/kills/") && specifier.startsWith("@auraos/server/platform/")) &&
      !(file.startsWith("sim/src/services/") && isOfServices.test(specifier))
      ? "of the server, the simulation drives only engine/ (and uses testing/ and migrations/)."
      : undefined;
  }
  return wrongPackage(packageName(specifier), name, room, isTest, packages);
}

function wrongPackage(
  used: string,
  name: string,
  room: Room,
  isTest: boolean,
  packages: Packages,
): string | undefined {
  const own = packages.own(name);
  const allowed = room.packages ?? own;
  if (allowed.includes(used) && own.includes(used)) return undefined;
  if (isTest && (own.includes(used) || packages.development.includes(used))) return undefined;
  if (room.packages)
    return `${name} may use ${room.packages.join(" and ") || "no package"} only: ${room.because}.`;
  return `"${used}" is not in ${name}/package.json; it works here by luck of what others installed. Add it there.`;
}

function wrongPath(file: string, specifier: string, room: string, isTest: boolean): string | undefined {
  const target = posix.normalize(posix.join(posix.dirname(file), specifier));
  if (!/\.(ts|tsx|mts|mjs|json|css|svg)$/.test(target)) {
    return `write the ending: Node runs the sources as they are ("${specifier}.ts").`;
  }
  const other = roomOf(target);
  if (other !== room && other !== "tools") {
    return other in rooms
      ? `another room is imported by its name: "@auraos/${other}", not by a path into its folder.`
      : `${target} is outside of ${room}.`;
  }
  return room === "server" && !isTest ? wrongNeighbour(file, target) : undefined;
}

/** Inside the server: platform/ is below all; a capability's store and routes are its own. */
function wrongNeighbour(file: string, target: string): string | undefined {
  const from = capabilityOf(file);
  const to = capabilityOf(target);
  // main.ts, app.ts, cli/ and bin/ put the parts together and know everyone.
  if (from === undefined || from === "cli" || from === to) return undefined;
  if (from === "platform")
    return `platform/ knows no business, and ${target} is business. Pass it in as a parameter.`;
  if (from === "testing") return undefined;
  if (to === "testing") return "testing/ is for tests; the product does without it.";
  // engine/store.ts is not a store but the port that the drivers implement: types that others may name.
  const isPrivate = /(^|\/)(store|routes)\.ts$/.test(target) && to !== "engine";
  return isPrivate
    ? `${target} belongs to ${to}/ alone. Call one of its action files; if there is none for this yet, add one there.`
    : undefined;
}

export function isForTests(file: string): boolean {
  if (/\.(test|bench|contract|fixture)\.ts$/.test(file) || /(^|\/)(testing|test|tests)\//.test(file))
    return true;
  // The product of the pure rooms is their src/; what stands beside it records, measures or writes documents.
  return /^(kernel|expression)\/(?!src\/)/.test(file);
}

function roomOf(file: string): string {
  return file.split("/")[0] ?? "";
}

/** The folder right below server/src; nothing for files that stand directly in it (main.ts, app.ts, deps.ts). */
function capabilityOf(file: string): string | undefined {
  const [, source, folder, ...rest] = file.split("/");
  return source === "src" && rest.length > 0 ? folder : undefined;
}

function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}
