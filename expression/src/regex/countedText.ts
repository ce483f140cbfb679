// A text that counts how often re2 looks at it. That makes the work of a match countable exactly, step by step,
// so a search that would be quadratic (many matches, each scanning to the end) stops at the limit.
// It is a String object only because re2 asks for one; it never leaves this folder.
import { charge, type Run } from "../run.ts";

// Looks are charged in batches: one check per letter would double the time.
const BATCH = 256;

export class CountedText extends String {
  readonly #run: Run;
  readonly #text: string;
  readonly #unitsPerBatch: number;
  #looks = 0;

  constructor(run: Run, text: string, unitsPerLook: number) {
    super(text);
    this.#run = run;
    this.#text = text;
    this.#unitsPerBatch = Math.ceil(unitsPerLook * BATCH);
  }
  override charCodeAt(index: number): number {
    if (++this.#looks === BATCH) {
      this.#looks = 0;
      charge(this.#run, this.#unitsPerBatch);
    }
    return this.#text.charCodeAt(index);
  }
  override indexOf(needle: string, from?: number): number {
    const found = this.#text.indexOf(needle, from);
    const scanned = (found === -1 ? this.#text.length : found) - (from ?? 0);
    charge(this.#run, Math.ceil((Math.max(0, scanned) * Math.max(1, needle.length)) / 256));
    return found;
  }
  override substring(start: number, end?: number): string {
    return this.#text.substring(start, end);
  }
  override toString(): string {
    return this.#text;
  }
}
