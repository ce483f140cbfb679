// What can go wrong with a node type, declared beside it: people read it in the reference and branch on its codes, so
// it is part of what a node promises. The tests see to it that a node throws nothing it does not declare.
import { type LibraryCode, libraryErrors } from "./libraryErrors.ts";
import { type ErrorGroup, platformErrors } from "./platformErrors.ts";

export type ErrorAbout = {
  /** When it happens, as a sentence. */
  meaning: string;
  /** What a person can do. */
  remedy: string;
  /** May another attempt help? `sometimes`: the failure itself says. */
  retryable: boolean | "sometimes";
  /** Thrown by what the platform gives to the node, not by the node itself. */
  from?: ErrorGroup;
};

/** By code; `<...>` in a code stands for what is not fixed, such as `HTTP_<status>`. */
export type NodeErrors = Readonly<Record<string, ErrorAbout>>;

/** Codes of the library by name, further ones with what they mean, and the parts of the platform that the node uses. */
export function nodeErrors(
  codes: readonly (LibraryCode | NodeErrors)[],
  ...groups: readonly ErrorGroup[]
): NodeErrors {
  const own = codes.map((one) => (typeof one === "string" ? { [one]: libraryErrors[one] } : one));
  return Object.assign({}, ...groups.map(groupErrors), ...own);
}

/** Everything that a node type can fail with, by code. */
export function errorsOf(module: { errors?: NodeErrors; run?: unknown }): NodeErrors {
  return {
    ...groupErrors("every"),
    ...(module.run === undefined ? {} : groupErrors("activity")),
    ...module.errors,
  };
}

/** Is this code among them? */
export function isDeclared(errors: NodeErrors, code: string): boolean {
  return Object.keys(errors).some((one) => {
    const [head = "", open] = one.split("<");
    return open === undefined ? code === one : code.startsWith(head) && code.length > head.length;
  });
}

function groupErrors(group: ErrorGroup): NodeErrors {
  const about = Object.entries(platformErrors[group]);
  return Object.fromEntries(about.map(([code, one]) => [code, { ...one, from: group }]));
}
