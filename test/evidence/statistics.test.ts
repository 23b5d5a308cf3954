import t from 'tap';
import { holmCorrected, mcnemarTest, signTest, wilsonInterval } from '../../src/evidence/statistics.ts';

/** A bit set with the lowest bit first. */
const bits = (...rows: readonly (0 | 1)[]): Uint8Array => {
  const bytes = new Uint8Array(Math.ceil(rows.length / 8));
  for (const [row, bit] of rows.entries()) bytes[row >> 3] = (bytes[row >> 3] as number) | (bit << (row & 7));
  return bytes;
};

t.test("intervals are Newcombe's (1998, Statistics in Medicine 17, table I, method 3)", async (t) => {
  const published = [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const;
  for (const [right, rows, low, high] of published) {
    const interval = wilsonInterval(right / rows, rows);
    t.match(
      { low: interval.low.toFixed(4), high: interval.high.toFixed(4) },
      { low: low.toFixed(4), high: high.toFixed(4) },
    );
  }
});

t.test('an interval never leaves 0 to 1 and always holds its share', async (t) => {
  for (const rows of [1, 7, 10_000]) {
    for (const share of [0, 1 / rows, 0.5, 1]) {
      const { low, high } = wilsonInterval(share, rows);
      t.ok(0 <= low && low <= share && share <= high && high <= 1, `${share} of ${rows}: ${low} to ${high}`);
    }
  }
  for (let rows = 1; rows <= 300; rows++)
    t.same([wilsonInterval(0, rows).low, wilsonInterval(1, rows).high], [0, 1], `${rows} rows`);
});

t.test(
  'p values are those of Fagerland, Lydersen and Laake (2013, BMC Medical Research Methodology 13:91)',
  async (t) => {
    // Airway hyper-responsiveness: 1 and 7 discordant pairs, exact conditional p 0.070.
    t.equal(signTest(1, 7).toFixed(3), '0.070');
    // Complete response: 6 and 16 discordant pairs, exact conditional p 0.052.
    t.equal(signTest(6, 16).toFixed(3), '0.052');
  },
);

t.test('p is the exact binomial sum, small or large, and the same both ways round', async (t) => {
  t.equal(signTest(1, 11).toFixed(12), (26 / 4096).toFixed(12));
  t.equal(signTest(0, 0), 1);
  t.equal(signTest(5, 5), 1);
  t.equal(signTest(3, 9), signTest(9, 3));
  // 2,000 tosses, 950 heads: the normal approximation with continuity correction gives 0.02677 (z = 99 / sqrt 2000).
  t.ok(Math.abs(signTest(950, 1050) - 0.0268) < 0.0002, String(signTest(950, 1050)));
  t.ok(signTest(0, 5_000) >= 0 && signTest(0, 5_000) < 1e-300);
});

t.test('only the rows on which two models differ count', async (t) => {
  const first = bits(1, 1, 1, 0, 0, 1, 0, 1, 1, 0);
  const second = bits(1, 0, 1, 0, 1, 1, 0, 1, 0, 0);
  t.match(mcnemarTest(first, second), { onlyFirst: 2, onlySecond: 1, p: 1 });
  t.match(mcnemarTest(first, first), { onlyFirst: 0, onlySecond: 0, p: 1 });
  t.throws(() => mcnemarTest(first, new Uint8Array(1)), /2 and 1 bytes/);
});

t.test("Holm's correction gives each p value its own factor, in the order given", async (t) => {
  // Holm 1979: the i-th smallest of m values times m - i + 1, never below the one before, at most 1.
  // statsmodels 0.15.0: multipletests(values, method='holm')[1] gives the same for the first.
  const rounded = (values: readonly number[]) => holmCorrected(values).map((p) => Number(p.toFixed(6)));
  t.same(rounded([0.01, 0.02, 0.03, 0.04, 0.05]), [0.05, 0.08, 0.09, 0.09, 0.09]);
  t.same(rounded([0.04, 0.01, 0.05, 0.03, 0.02]), [0.09, 0.05, 0.09, 0.09, 0.08]);
  t.same(rounded([0.9, 0.6]), [1, 1]);
  t.same(rounded([0.03]), [0.03], 'one comparison needs none');
  t.same(rounded([]), []);
});
