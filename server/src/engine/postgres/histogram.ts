// Durations by bucket = floor(log(ms + 1) / log(1.02)); as bytes, pairs of bucket (2) and count (4), big-endian, by
// bucket. A year is bucket 1,222; a count saturates at 2^32 - 1.

export type Histogram = Record<string, number>;

const PAIR_BYTES = 6;
const COUNT_MAX = 2 ** 32 - 1;

export function addHistogram(into: Histogram, from: Histogram): void {
  for (const [bucket, count] of Object.entries(from)) into[bucket] = (into[bucket] ?? 0) + count;
}

export function encodeHistogram(histogram: Histogram): Buffer {
  const pairs = Object.entries(histogram)
    .map(([bucket, count]) => [Number(bucket), count] as const)
    .sort(([a], [b]) => a - b);
  const bytes = Buffer.alloc(pairs.length * PAIR_BYTES);
  for (const [index, [bucket, count]] of pairs.entries()) {
    bytes.writeUInt16BE(bucket, index * PAIR_BYTES);
    bytes.writeUInt32BE(Math.min(count, COUNT_MAX), index * PAIR_BYTES + 2);
  }
  return bytes;
}

export function decodeHistogram(bytes: Buffer): Histogram {
  const histogram: Histogram = {};
  for (let at = 0; at < bytes.length; at += PAIR_BYTES) {
    histogram[bytes.readUInt16BE(at)] = bytes.readUInt32BE(at + 2);
  }
  return histogram;
}
