import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import t from 'tap';
import { exp } from '../../src/exact/exp.ts';
import { log, log1p } from '../../src/exact/log.ts';
import { logNormalCdf, normalCdf } from '../../src/exact/normal.ts';
import { normalQuantile } from '../../src/exact/normal-quantile.ts';
import { randomStream } from '../../src/random.ts';

const exact = { log, exp, log1p, normalCdf, logNormalCdf, normalQuantile };

type Name = keyof typeof exact;

const fixture: Record<Name, [x: number, high: number, low: number][]> = JSON.parse(
  readFileSync(new URL('../fixtures/search/exact.json', import.meta.url), 'utf8'),
);

/** The distance to the next float64, for a finite number. */
function ulp(value: number): number {
  const bits = new DataView(new ArrayBuffer(8));
  bits.setFloat64(0, Math.abs(value));
  bits.setBigInt64(0, bits.getBigInt64(0) + 1n);
  return bits.getFloat64(0) - Math.abs(value);
}

const random = randomStream(1, 'search', 0, 0);
const u = () => random.uniform();
const isHeads = () => u() < 0.5;

/** Each function with where to try it: half of the points where it bends, half over all that it may be given. */
const ranges: Record<Name, () => number> = {
  log: () => (isHeads() ? u() * 2 : (1 + u()) * 2 ** (random.below(2098) - 1074)),
  exp: () => (isHeads() ? 4 * u() - 2 : 1450 * u() - 740),
  log1p: () => (isHeads() ? 3 * u() - 1 : (isHeads() ? -1 : 1) * (1 + u()) * 2 ** -(2 + random.below(60))),
  normalCdf: () => (isHeads() ? 6 * u() - 3 : 46 * u() - 37.5),
  logNormalCdf: () => (isHeads() ? 6 * u() - 3 : 140 * u() - 130),
  normalQuantile: () =>
    isHeads()
      ? u()
      : isHeads()
        ? (1 + u()) * 2 ** -(1 + random.below(1020))
        : 1 - (1 + u()) * 2 ** -(2 + random.below(51)),
};

/**
 * What 10^6 results of each hash to, and the largest error found among exactly these by FLINT (python-flint 0.9.0, balls of 120 bits), in ulp.
 */
const million: Record<Name, { points: string; results: string; largest: number }> = {
  log: { points: '0662979f515984ca', results: '5da9b2a865334e92', largest: 0.817 },
  exp: { points: 'b29212b98305dad5', results: 'cb3ccf4b275d296b', largest: 1.0 },
  log1p: { points: '5ea5696e1dce3219', results: 'cc849c56e9eaaa3d', largest: 1.157 },
  normalCdf: { points: '785c124a38e6c5d6', results: '2c0fe014fa7c7ed9', largest: 1.585 },
  logNormalCdf: { points: '9132c8b2d042d074', results: '103524021b9b60f7', largest: 1.838 },
  normalQuantile: { points: '72520df7f9371fcb', results: '59307e62f5e12738', largest: 1.541 },
};

for (const name of Object.keys(ranges) as Name[]) {
  const f = exact[name];

  t.test(`${name} is within 2 ulp of mpmath, at its joints and ends too`, async (t) => {
    for (const [x, high, low] of fixture[name]) {
      const error = Math.abs(f(x) - high - low) / ulp(high);
      if (!(error < 2)) t.fail(`${name}(${x}) is ${f(x)}, ${error} ulp from ${high}`);
    }
    t.ok(fixture[name].length > 25);
  });

  t.test(`${name} gives the million results whose errors were measured once`, async (t) => {
    // The errors were measured among points that came after those of a function of old.
    if (name === 'normalCdf') for (let drawn = 0; drawn < 2_000_000; drawn++) u();
    const points = Float64Array.from({ length: 1_000_000 }, ranges[name]);
    const hashed = (numbers: Float64Array) => createHash('sha256').update(numbers).digest('hex').slice(0, 16);
    const { points: expectedPoints, results, largest } = million[name];
    t.equal(hashed(points), expectedPoints, 'the same points');
    t.equal(hashed(points.map(f)), results, 'the same results');
    t.ok(largest < 2);
  });
}

t.test('what is no number stays none, and the ends are where they belong', async (t) => {
  for (const name of Object.keys(ranges) as Name[]) t.ok(Number.isNaN(exact[name](Number.NaN)), name);
  t.equal(exact.log(0), Number.NEGATIVE_INFINITY);
  t.equal(exact.log(1), 0);
  t.ok(Number.isNaN(exact.log(-1)));
  t.equal(exact.log(Number.POSITIVE_INFINITY), Number.POSITIVE_INFINITY);
  t.equal(exact.log1p(-1), Number.NEGATIVE_INFINITY);
  t.equal(exact.log1p(0), 0);
  t.equal(exact.exp(0), 1);
  t.equal(exact.exp(1000), Number.POSITIVE_INFINITY);
  t.equal(exact.exp(-1000), 0);
  t.equal(exact.exp(Number.NEGATIVE_INFINITY), 0);
  t.equal(exact.normalCdf(Number.NEGATIVE_INFINITY), 0);
  t.equal(exact.normalCdf(Number.POSITIVE_INFINITY), 1);
  t.equal(exact.logNormalCdf(Number.NEGATIVE_INFINITY), Number.NEGATIVE_INFINITY);
  t.equal(exact.normalQuantile(0), Number.NEGATIVE_INFINITY);
  t.equal(exact.normalQuantile(1), Number.POSITIVE_INFINITY);
  t.equal(exact.normalQuantile(0.5), 0);
  t.ok(Number.isNaN(exact.normalQuantile(-0.1)) && Number.isNaN(exact.normalQuantile(1.1)));
});
