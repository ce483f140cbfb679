// First in, first out, without moving what remains.

export type Fifo<T> = {
  push(value: T): void;
  peek(): T | undefined;
  shift(): T | undefined;
  size(): number;
};

export function createFifo<T>(): Fifo<T> {
  let values: T[] = [];
  let head = 0;
  return {
    push: (value) => {
      values.push(value);
    },
    peek: () => values[head],
    shift: () => {
      if (head >= values.length) return undefined;
      const value = values[head++];
      if (head > 1_024 && head * 2 > values.length) {
        values = values.slice(head);
        head = 0;
      }
      return value;
    },
    size: () => values.length - head,
  };
}
