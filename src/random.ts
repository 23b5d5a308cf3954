/**
 * The only source of randomness: streams keyed by what they are for, never by thread, arrival order or time.
 * Not here: Math.random, Math.log and anything else that may differ between machines or engines.
 */
import { hash } from 'node:crypto';

/** What a stream is drawn for; each purpose has its own numbers. */
export type Purpose =
  | 'initial weights'
  | 'row order'
  | 'final row order'
  | 'search'
  | 'rows of a table'
  | 'rows of a split'
  | 'importance'
  | 'objective'
  | 'dropout'
  | 'final dropout';

/** A stream of random numbers (xoshiro128**, Blackman and Vigna 2018), the same on every machine. */
export interface Random {
  /** A whole number from 0 to 2^32 - 1. */
  uint32(): number;
  /** A multiple of 2^-53 in [0, 1). */
  uniform(): number;
  /** A whole number from 0 to `limit` - 1, each equally likely; `limit` is at most 2^31 - 1. */
  below(limit: number): number;
  /** Standard normal (Marsaglia's polar method). */
  normal(): number;
}

const maxBelow = 2 ** 31 - 1;

const rotateLeft = (x: number, bits: number): number => (x << bits) | (x >>> (32 - bits));

/** The stream of one purpose, replicate and epoch (0 where a purpose has no epochs) of an experiment's seed. */
export function randomStream(seed: number, purpose: Purpose, replicate: number, epoch: number): Random {
  const key = hash('sha256', `${seed}/${purpose}/${replicate}/${epoch}`, 'buffer');
  let [a, b, c, d] = [key.readInt32LE(0), key.readInt32LE(4), key.readInt32LE(8), key.readInt32LE(12)];
  let spare: number | undefined;

  function uint32(): number {
    const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const t = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= t;
    d = rotateLeft(d, 11);
    return result;
  }

  function uniform(): number {
    const high = uint32() >>> 5;
    const low = uint32() >>> 6;
    return (high * 2 ** 26 + low) * 2 ** -53;
  }

  function below(limit: number): number {
    // Numbers past the largest multiple of limit would make the first few results likelier. Of 31 bits, because engines
    // divide those as integers: rows are shuffled every epoch.
    for (;;) {
      const drawn = uint32() >>> 1;
      const result = drawn % limit;
      // All `limit` numbers from its multiple on can be drawn.
      if (drawn - result <= maxBelow - limit) return result;
    }
  }

  function normal(): number {
    if (spare !== undefined) {
      const value = spare;
      spare = undefined;
      return value;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square > 0 && square < 1) {
        const factor = Math.sqrt((-2 * naturalLogarithm(square)) / square);
        spare = y * factor;
        return x * factor;
      }
    }
  }

  return { uint32, uniform, below, normal };
}

/**
 * ln(x) for x in (0, 1), from operations that IEEE 754 rounds the same everywhere; within 2 ulp.
 * x is doubled into [1/2, 1), then ln(m) = 2 artanh((m - 1) / (m + 1)) as its series.
 */
export function naturalLogarithm(x: number): number {
  let mantissa = x;
  let doublings = 0;
  for (; mantissa < 0.5; mantissa *= 2) doublings++;
  const z = (mantissa - 1) / (mantissa + 1);
  const square = z * z;
  let series = 0;
  // |z| <= 1/3, so the terms after z^33 / 33 are below half an ulp.
  for (let power = 33; power >= 1; power -= 2) series = series * square + 1 / power;
  return 2 * z * series - doublings * Math.LN2;
}

/** Fills `order` with 0, 1, 2, ... in a random order (Fisher and Yates). */
export function shuffle(order: Uint32Array, random: Random): void {
  for (let i = 0; i < order.length; i++) order[i] = i;
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const swapped = order[i] as number;
    order[i] = order[j] as number;
    order[j] = swapped;
  }
}
