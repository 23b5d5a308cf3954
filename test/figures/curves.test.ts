import { execFileSync } from 'node:child_process';
import t from 'tap';
import { accuracyAxis } from '../../src/figures/axes.ts';
import { drawFigure, pictureSvg } from '../../src/figures/chart.ts';
import { type Curves, curveFigure } from '../../src/figures/curves.ts';
import { lightTheme } from '../../src/figures/theme.ts';
import type { Report } from '../../src/trial.ts';
import { type Measure, networksBy } from '../../src/words/measures.ts';
import { row } from '../findings/sample-trials.ts';

const curveOption = (curves: Curves) => curveFigure(curves).option({ theme: lightTheme, width: 880 });
const curveSvg = (curves: Curves) => pictureSvg(curveFigure(curves));

const curve = (epochs: number, loss: (epoch: number) => number, accuracy: (epoch: number) => number) =>
  Array.from({ length: epochs }, (_, i) => row(i + 1, accuracy(i + 1), loss(i + 1)));

const tried = networksBy('validationAccuracy');
const [accuracy, loss] = tried.measures as readonly [Measure, Measure, ...Measure[]];

const falling = curve(
  20,
  (epoch) => 3 / epoch,
  (epoch) => 0.9 - 0.5 / epoch,
);

const trials = [0.0001, 0.001, 0.01].flatMap((learningRate, i) =>
  [128, 256].map((batchSize, j) => ({
    number: 2 * i + j + 1,
    params: { learningRate, batchSize },
    replicate: 0,
    state: 'done' as const,
    reports: falling,
  })),
);

const phase1: Curves = {
  name: 'paper',
  role: 'search',
  tried,
  measure: loss,
  trials,
  winner: { number: 3, bestStep: 20 },
};
const phase2: Curves = {
  ...{ name: 'paper', role: 'final', tried, measure: accuracy },
  trials: trials.slice(0, 1),
};

const oneTrial = (reports: Report[], measure: Measure): Curves => ({
  ...phase2,
  measure,
  trials: [{ number: 1, params: { learningRate: 0.1, batchSize: 1 }, replicate: 0, state: 'done', reports }],
});

type Axis = { type: string; min: number; max: number };
const yAxis = (figure: Curves) => curveOption(figure).yAxis as Axis;
const series = (figure: Curves) => curveOption(figure).series as { name: string; data: unknown[] }[];

t.test('phase 1 draws every trial, and the winner last with its training curve and best epoch', async (t) => {
  const names = series(phase1).map(({ name }) => name);
  t.same(names, [
    'validation, learning rate 0.0001',
    'validation, learning rate 0.0001',
    'validation, learning rate 0.001',
    'validation, learning rate 0.01',
    'validation, learning rate 0.01',
    'trial 3, validation',
    'trial 3, training',
    'best epoch',
  ]);
  const svg = await curveSvg(phase1);
  t.match(
    svg,
    'winner: trial 3 (learning rate 0.001, batch size 128), validation loss 0.1500 at its best epoch, 20',
  );
  t.match(svg, 'stroke-dasharray');
});

t.test('phase 2 draws training beside test and reports the last epoch', async (t) => {
  const svg = await curveSvg(phase2);
  t.same(
    series(phase2).map(({ name }) => name),
    ['test', 'training'],
  );
  t.match(svg, 'test accuracy 87.50 % after epoch 20');
  t.match(svg, '>accuracy (%)<');
  t.match(svg, '>epoch<');
});

t.test('the same figure gives the same bytes, first or later in a process and in another one', async (t) => {
  const first = await curveSvg(phase1);
  await curveSvg(phase2);
  t.equal(await curveSvg(phase1), first);
  const folder = new URL('../../src/figures/', import.meta.url).href;
  const script = `import { curveFigure } from ${JSON.stringify(`${folder}curves.ts`)};
    import { pictureSvg } from ${JSON.stringify(`${folder}chart.ts`)};
    process.stdout.write(await pictureSvg(curveFigure(${JSON.stringify(phase1)})));`;
  t.equal(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' }), first);
});

t.test('a name is text in the picture, whatever it holds', async (t) => {
  const name = '<script>"1"</script> & id="zr0-c1" \u001b';
  const svg = await curveSvg({ ...phase1, name });
  t.notMatch(svg, '<script');
  t.notMatch(svg, '\u001b');
  t.match(
    svg,
    '&#60;script&#62;&#34;1&#34;&#60;/script&#62; &#38; id=&#34;zr0-c1&#34; \\u001b: learning curve',
  );
});

t.test('the loss is drawn on a log scale only where it spans a decade above zero', async (t) => {
  t.equal(yAxis(phase1).type, 'log');
  t.equal(
    yAxis(
      oneTrial(
        curve(
          5,
          (epoch) => 1 + 1 / epoch,
          () => 0.5,
        ),
        loss,
      ),
    ).type,
    'value',
  );
  t.equal(
    yAxis(
      oneTrial(
        curve(
          5,
          (epoch) => epoch - 1,
          () => 0.5,
        ),
        loss,
      ),
    ).type,
    'value',
  );
});

t.test('the accuracy axis starts at 0 %, or near the curves where all of them are high', async (t) => {
  const low = yAxis(
    oneTrial(
      curve(
        5,
        () => 1,
        (epoch) => epoch / 10,
      ),
      accuracy,
    ),
  );
  t.equal(low.min, 0);
  const high = yAxis(
    oneTrial(
      curve(
        5,
        () => 1,
        () => 0.91,
      ),
      accuracy,
    ),
  );
  t.ok(high.min >= 0.85 && high.min <= 0.91 && high.max >= 0.96 && high.max <= 1, JSON.stringify(high));
});

t.test('many learning rates share one quiet colour', async (t) => {
  const many = Array.from({ length: 30 }, (_, i) => ({
    number: i + 1,
    params: { learningRate: 0.001 * (i + 1), batchSize: 8 },
    replicate: 0,
    state: 'done' as const,
    reports: falling,
  }));
  const names = new Set(series({ ...phase1, trials: many }).map(({ name }) => name));
  t.same([...names], ['validation, other trials', 'trial 3, validation', 'trial 3, training', 'best epoch']);
});

t.test('no trial, an empty curve, one epoch, a constant, gaps and 10,000 epochs can be drawn', async (t) => {
  const figures = {
    none: { ...phase1, trials: [] },
    empty: oneTrial([], loss),
    one: oneTrial(
      curve(
        1,
        () => 1,
        () => 0.5,
      ),
      accuracy,
    ),
    constant: oneTrial(
      curve(
        5,
        () => 0,
        () => 0,
      ),
      loss,
    ),
    gaps: oneTrial(
      curve(
        5,
        (epoch) => (epoch === 3 ? Number.NaN : 1),
        () => 0.5,
      ),
      loss,
    ),
    long: oneTrial(
      curve(
        10_000,
        (epoch) => 1 / epoch,
        () => 0.5,
      ),
      loss,
    ),
  };
  for (const [name, figure] of Object.entries(figures)) {
    const svg = await curveSvg(figure);
    t.match(svg, /^<svg role="img" aria-label="paper/, name);
    t.notMatch(svg, /NaN|Infinity|undefined/, name);
    t.ok(svg.length < 100_000, `${name}: ${svg.length} bytes`);
  }
});

/** Trial n ends n / 20 points below 91 %, after a rise that takes 60 points of the axis. */
const close: Curves = {
  ...phase1,
  measure: accuracy,
  trials: [1, 2, 3, 4, 5, 6].map((number) => ({
    number,
    params: { learningRate: 0.1 * number, batchSize: 8 },
    replicate: 0,
    state: 'done' as const,
    reports: curve(
      30,
      () => 1,
      (epoch) => (number === 6 ? 0.3 : 0.91 - 0.0005 * number - 0.6 / epoch ** 3),
    ),
  })),
  winner: { number: 1, bestStep: 30 },
  runnersUp: [2, 3, 4, 5],
};

t.test(
  'accuracies that end close to each other have a panel of their own, which tells five apart',
  async (t) => {
    for (const width of [332, 940]) {
      const figure = curveFigure(close);
      const { height, points } = await drawFigure(figure, width);
      const ends = [1, 2, 3, 4, 5].map((number) => {
        const at = figure.tips.findLastIndex(
          ({ text, at: [epoch] }) => epoch === 30 && text.startsWith(`trial ${number},`),
        );
        return points[at] as readonly [number, number];
      });
      for (const [i, [x, y]] of ends.entries()) {
        t.ok(x > 0 && x < width && y > 0 && y < height, 'on the paper');
        if (i > 0) t.ok(y - (ends[i - 1]?.[1] ?? 0) >= 10, `${width}: ${y} is below ${ends[i - 1]?.[1]}`);
      }
    }
    const { yAxis } = curveOption(close) as unknown as { yAxis: { min: number; max: number }[] };
    t.same(
      yAxis.map(({ min }) => min),
      [0, 0.907],
    );
    t.equal(([curveOption(phase1).yAxis].flat() as unknown[]).length, 1, 'a loss has none');
  },
);

t.test('an accuracy that never changes has an axis with few labels', async (t) => {
  for (const share of [0, 0.1, 0.5, 0.91, 1]) {
    const { min, max, interval } = accuracyAxis([share, share]);
    t.ok(min < max && min <= share && share <= max, `${share}: ${min} to ${max}`);
    t.ok((max - min) / interval <= 12, `${share}: ${(max - min) / interval} steps`);
  }
});

t.test('a replicate that leads is named with its number', async (t) => {
  const [lead] = trials.slice(2).map((trial) => ({ ...trial, replicate: 2 }));
  const replicated = {
    ...phase1,
    trials: [lead as (typeof trials)[number]],
    winner: { number: 3, bestStep: 20 },
  };
  t.match(curveFigure(replicated).subtitle, 'trial 3 (learning rate 0.001, batch size 128, replicate 2)');
});
