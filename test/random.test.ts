import { createHash } from 'node:crypto';
import t from 'tap';
import { naturalLogarithm, type Purpose, randomStream, shuffle } from '../src/random.ts';

const drawn = (count: number, draw: () => number): number[] => Array.from({ length: count }, draw);

/** xoshiro128** once more, in whole numbers of any size, as its authors' C code has it (prng.di.unimi.it). */
function* xoshiro128(seed: [bigint, bigint, bigint, bigint]): Generator<number, never> {
  const word = (value: bigint) => value & 0xffff_ffffn;
  const rotl = (value: bigint, bits: bigint) => word((value << bits) | (value >> (32n - bits)));
  const s = seed;
  for (;;) {
    yield Number(word(rotl(word(s[1] * 5n), 7n) * 9n));
    const shifted = word(s[1] << 9n);
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotl(s[3], 11n);
  }
}

function expectedStream(key: string): Generator<number, never> {
  const digest = createHash('sha256').update(key).digest();
  const word = (at: number) => BigInt(digest.readUInt32LE(at));
  return xoshiro128([word(0), word(4), word(8), word(12)]);
}

t.test('the other formulation gives the published numbers from the state 1, 2, 3, 4', async (t) => {
  // rand_xoshiro 0.6, xoshiro128starstar.rs, from the authors' C code.
  const stream = xoshiro128([1n, 2n, 3n, 4n]);
  t.same(
    drawn(10, () => stream.next().value),
    [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804],
  );
});

t.test('a stream is xoshiro128** from the SHA-256 of its keys', async (t) => {
  for (const [seed, purpose, replicate, epoch] of [
    [1, 'row order', 0, 1],
    [0, 'initial weights', 3, 0],
    [Number.MAX_SAFE_INTEGER, 'final row order', 999, 100_000],
  ] as const) {
    const random = randomStream(seed, purpose, replicate, epoch);
    const expected = expectedStream(`${seed}/${purpose}/${replicate}/${epoch}`);
    t.same(
      drawn(1000, () => random.uint32()),
      drawn(1000, () => expected.next().value),
      `${seed}/${purpose}/${replicate}/${epoch}`,
    );
  }
});

t.test('each of the keys makes another stream', async (t) => {
  const keys: [number, Purpose, number, number][] = [
    [1, 'row order', 0, 1],
    [2, 'row order', 0, 1],
    [1, 'final row order', 0, 1],
    [1, 'initial weights', 0, 1],
    [1, 'search', 0, 1],
    [1, 'row order', 1, 1],
    [1, 'row order', 0, 2],
  ];
  const first = keys.map((key) => drawn(4, randomStream(...key).uint32).join());
  t.equal(new Set(first).size, keys.length);
});

t.test('a uniform number is the upper 53 of two draws', async (t) => {
  const [uniform, raw] = [randomStream(1, 'search', 0, 0), randomStream(1, 'search', 0, 0)];
  for (let i = 0; i < 1000; i++) {
    const bits = ((BigInt(raw.uint32()) >> 5n) << 26n) | (BigInt(raw.uint32()) >> 6n);
    if (uniform.uniform() !== Number(bits) / 2 ** 53) t.fail(`draw ${i}`);
  }
  t.equal(uniform.uint32(), raw.uint32(), 'both have drawn as often');
});

t.test('uniform numbers fill [0, 1) evenly', async (t) => {
  const random = randomStream(1, 'search', 0, 0);
  const bins = new Array<number>(20).fill(0);
  for (let i = 0; i < 100_000; i++) {
    const value = random.uniform();
    if (!(value >= 0 && value < 1)) t.fail(`${value}`);
    const bin = Math.floor(value * 20);
    bins[bin] = (bins[bin] as number) + 1;
  }
  // Chi-squared, 19 degrees of freedom: 43.8 is passed by one seed in a thousand.
  const chi2 = bins.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0);
  t.ok(chi2 < 43.8, `chi-squared ${chi2}`);
});

t.test('below gives each number equally often, also for a limit that makes many draws unfair', async (t) => {
  // Without the second draw, the lower half of this limit would come twice as often as the upper.
  const limit = 3 * 2 ** 29;
  const random = randomStream(1, 'search', 0, 0);
  const bins = [0, 0, 0];
  for (let i = 0; i < 30_000; i++) {
    const value = random.below(limit);
    if (!(Number.isInteger(value) && value >= 0 && value < limit)) t.fail(`${value}`);
    const bin = Math.floor(value / 2 ** 29);
    bins[bin] = (bins[bin] as number) + 1;
  }
  // Five standard deviations of a count (82).
  for (const count of bins) t.ok(Math.abs(count - 10_000) < 410, `${count} of 30000`);
});

t.test('below gives, of draws below the largest multiple of its limit, what is left over', async (t) => {
  const most = 2 ** 31 - 1;
  for (const limit of [2, 3, 3_000, 2 ** 29 + 1, 2 ** 30, 2 ** 30 + 1, 3 * 2 ** 29, most - 1, most]) {
    const [random, raw] = [randomStream(1, 'search', 0, 0), randomStream(1, 'search', 0, 0)];
    const given = Array.from({ length: 500 }, () => random.below(limit));
    const fair = most - (most % limit);
    const expected: number[] = [];
    while (expected.length < given.length) {
      const drawn = raw.uint32() >>> 1;
      if (drawn < fair) expected.push(drawn % limit);
    }
    t.same(given, expected, `${limit}`);
  }
});

t.test('below takes the limits 1 and 2^31 - 1', async (t) => {
  const [random, raw] = [randomStream(5, 'search', 0, 0), randomStream(5, 'search', 0, 0)];
  t.equal(random.below(2 ** 31 - 1), raw.uint32() >>> 1);
  t.equal(random.below(1), 0);
});

t.test('normal numbers have mean 0, variance 1, no skew and the tails of a normal', async (t) => {
  const random = randomStream(1, 'initial weights', 0, 0);
  const count = 100_000;
  const values = drawn(count, () => random.normal());
  const moment = (power: number) => values.reduce((sum, value) => sum + value ** power, 0) / count;
  // Five standard errors each: sqrt(1/n), sqrt(2/n), sqrt(15/n), sqrt(96/n).
  t.ok(Math.abs(moment(1)) < 0.016, `mean ${moment(1)}`);
  t.ok(Math.abs(moment(2) - 1) < 0.023, `variance ${moment(2)}`);
  t.ok(Math.abs(moment(3)) < 0.062, `third moment ${moment(3)}`);
  t.ok(Math.abs(moment(4) - 3) < 0.155, `fourth moment ${moment(4)}`);
});

t.test(
  'the logarithm is within 2 ulp of the exact one, from the least number to the one before 1',
  async (t) => {
    const random = randomStream(2, 'search', 0, 0);
    const points = [
      Number.MIN_VALUE,
      2 ** -1022,
      2 ** -53,
      0.25,
      0.5,
      0.5 - 2 ** -54,
      0.5 + 2 ** -53,
      Math.SQRT1_2,
      1 - 2 ** -53,
      ...drawn(20_000, () => random.uniform()),
      ...drawn(5_000, () => random.uniform() ** 40),
      ...drawn(5_000, () => 1 - random.uniform() * 2 ** -20),
    ];
    const wrong = points.filter((x) => x > 0 && x < 1 && ulpsApart(naturalLogarithm(x), Math.log(x)) > 2);
    t.same(wrong, []);
  },
);

/** How many float64 numbers lie between two negative ones. */
function ulpsApart(a: number, b: number): number {
  const bits = new BigInt64Array(new Float64Array([a, b]).buffer);
  const apart = Number((bits[0] as bigint) - (bits[1] as bigint));
  return Math.abs(apart);
}

t.test('a shuffle is a permutation', async (t) => {
  for (const length of [0, 1, 2, 3, 1000]) {
    const order = new Uint32Array(length);
    shuffle(order, randomStream(1, 'row order', 0, 1));
    t.same(
      [...order].sort((a, b) => a - b),
      [...order.keys()],
      `${length} rows`,
    );
  }
});

t.test('a shuffle is pinned: it decides the answer of every trial', async (t) => {
  const order = new Uint32Array(10);
  shuffle(order, randomStream(1, 'row order', 0, 1));
  const expected = expectedStream('1/row order/0/1');
  const by = [...order.keys()];
  // Fisher and Yates from the end; none of these few draws is unfair.
  for (let i = 9; i > 0; i--) {
    const [moved] = by.splice((expected.next().value >>> 1) % (i + 1), 1, by[i] as number);
    by[i] = moved as number;
  }
  t.same([...order], by);
  t.same([...order], [1, 5, 4, 7, 9, 2, 6, 3, 0, 8]);
});

t.test('each of the six orders of three rows comes equally often', async (t) => {
  const counts = new Map<string, number>();
  const order = new Uint32Array(3);
  for (let epoch = 0; epoch < 6000; epoch++) {
    shuffle(order, randomStream(1, 'row order', 0, epoch));
    counts.set(order.join(), (counts.get(order.join()) ?? 0) + 1);
  }
  t.equal(counts.size, 6);
  // Five standard deviations of a count (29).
  for (const [which, count] of counts) t.ok(Math.abs(count - 1000) < 145, `${which}: ${count}`);
});
