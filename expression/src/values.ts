// The values an expression can hold. Plain data is data; everything else is an Opaque of our own,
// which user code can only call or ask through the tables written here.
// Invariant: no host function and no host object is ever a Value.
import type { Run } from "./run.ts";

export type Value = undefined | null | boolean | number | string | Opaque | Value[] | ValueObject;
export interface ValueObject {
  [key: string]: Value;
}

/** `self` is the value before the dot; the compiler has already charged one unit for the call. */
export type MethodCall<Self> = (run: Run, self: Self, args: Value[]) => Value;
export type Method<Self> = {
  readonly signature: string;
  readonly doc: string;
  readonly call: MethodCall<Self>;
};
export type MethodTable<Self> = { readonly [name: string]: Method<Self> | undefined };

/**
 * A value that is not data. It is a class because `instanceof` cannot be forged by data.
 * Its fields are out of reach: member reads go through `read` and calls through `find`.
 */
export abstract class Opaque {
  declare private readonly nominal: never;
  abstract readonly kind: string;

  /** The methods of this kind; the compiler calls one with this value as `self`. */
  methodTable(): MethodTable<never> | undefined {
    return undefined;
  }
  find(name: string): MethodCall<Value> | undefined {
    return this.methodTable()?.[name]?.call as MethodCall<Value> | undefined;
  }
  /** A property as seen by the expression. */
  read(_run: Run, _key: string): Value {
    return undefined;
  }
  /** What `String(value)` gives. */
  text(_run: Run): string {
    return `[${this.kind}]`;
  }
  /** What `Number(value)` gives. */
  number(_run: Run): number {
    return Number.NaN;
  }
  /** What stands for it in a result; undefined when it cannot leave the expression. */
  data(_run: Run): Value {
    return undefined;
  }
}

/** A named part of the language: `Math`, `parseInt`, `$if`. */
export class Builtin extends Opaque {
  readonly kind = "builtin";
  readonly name: string;
  readonly parts: BuiltinParts;

  constructor(name: string, parts: BuiltinParts) {
    super();
    this.name = name;
    this.parts = parts;
    // Constants are shared by all evaluations and may end up in a result.
    for (const value of Object.values(parts.constants ?? {})) Object.freeze(value);
  }
  override methodTable(): MethodTable<never> | undefined {
    return this.parts.methods;
  }
  override read(_run: Run, key: string): Value {
    const constants = this.parts.constants;
    return constants && Object.hasOwn(constants, key) ? constants[key] : undefined;
  }
  override text(): string {
    return `[${this.name}]`;
  }
}

export type BuiltinParts = {
  readonly signature: string;
  readonly doc: string;
  readonly call?: MethodCall<undefined>;
  readonly construct?: MethodCall<undefined>;
  readonly methods?: MethodTable<Value>;
  readonly constants?: { readonly [name: string]: Value };
};

export function method<Self>(signature: string, doc: string, call: MethodCall<Self>): Method<Self> {
  return { signature, doc, call };
}

/** Null prototype: a name like `constructor` finds nothing unless we wrote it. */
export function methodTable<Self>(...parts: { [name: string]: Method<Self> }[]): MethodTable<Self> {
  const table: { [name: string]: Method<Self> | undefined } = Object.create(null);
  for (const part of parts) {
    for (const [name, entry] of Object.entries(part)) table[name] = entry;
  }
  return Object.freeze(table);
}

export function isPlainObject(value: object): value is ValueObject {
  const prototype = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** An object of data: not a list, not one of ours, not a stray host instance. */
export function isObject(value: Value): value is ValueObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Opaque) &&
    isPlainObject(value)
  );
}

/** Sets a key as data. Assignment to `__proto__` would change the prototype instead. */
export function setOwn(target: ValueObject, key: string, value: Value): void {
  if (key === "__proto__") {
    Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
  } else {
    target[key] = value;
  }
}

export function nameOfKind(value: Value): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "list";
  if (value instanceof Opaque) return value.kind;
  return typeof value === "string" ? "text" : typeof value;
}
