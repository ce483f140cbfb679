// What differs between two values, down to the single field. Lists are compared place by place: items that travel on a
// wire have an order and no names.
export type Difference = {
  path: string;
  before: unknown;
  after: unknown;
  kind: "added" | "removed" | "changed";
};

export type Diff = { differences: Difference[]; isCut: boolean };

const DIFFERENCES_MAX = 200;
const DEPTH_MAX = 100;

export function diffJson(before: unknown, after: unknown): Diff {
  const differences: Difference[] = [];
  const isFull = () => differences.length >= DIFFERENCES_MAX;
  const compare = (a: unknown, b: unknown, path: string, depth: number): void => {
    if (isFull() || Object.is(a, b)) return;
    if (isContainer(a) && isContainer(b) && Array.isArray(a) === Array.isArray(b) && depth < DEPTH_MAX) {
      const [one, other] = [a as Record<string, unknown>, b as Record<string, unknown>];
      for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
        if (isFull()) return;
        const at = Array.isArray(a) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`;
        if (!Object.hasOwn(one, key))
          differences.push({ path: at, before: undefined, after: other[key], kind: "added" });
        else if (!Object.hasOwn(other, key))
          differences.push({ path: at, before: one[key], after: undefined, kind: "removed" });
        else compare(one[key], other[key], at, depth + 1);
      }
      return;
    }
    // Too deep to go on field by field: equal texts are equal values.
    if (depth >= DEPTH_MAX && JSON.stringify(a) === JSON.stringify(b)) return;
    differences.push({ path, before: a, after: b, kind: "changed" });
  };
  compare(before, after, "", 0);
  return { differences, isCut: isFull() };
}

function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
