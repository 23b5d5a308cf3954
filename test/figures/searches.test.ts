/** Figures of searches with any parameters and metrics: mixed, conditional, pruned. */
import t from 'tap';
import { measureAxis, tickText } from '../../src/figures/axes.ts';
import { bestSoFarFigure } from '../../src/figures/best-so-far.ts';
import { drawFigure, pictureSvg } from '../../src/figures/chart.ts';
import { effectsFigure } from '../../src/figures/effects.ts';
import type { Figure } from '../../src/figures/figure.ts';
import { heatMapFigure } from '../../src/figures/heat-map.ts';
import { importancesFigure } from '../../src/figures/importances.ts';
import { curveLegend, legendRow, legendRowHeight } from '../../src/figures/legend.ts';
import { parallelFigure } from '../../src/figures/parallel.ts';
import { paretoFigure } from '../../src/figures/pareto.ts';
import { endsOf, rungsFigure } from '../../src/figures/rungs.ts';
import { scaleAxis, scalesOf } from '../../src/figures/scale.ts';
import { scatterMatrixFigure } from '../../src/figures/scatter-matrix.ts';
import type { Searched } from '../../src/figures/searched.ts';
import { lightTheme } from '../../src/figures/theme.ts';
import { importancesOf } from '../../src/findings/importances.ts';
import { spaceOf } from '../../src/space/definition.ts';
import type { DoneTrial, Params, Trial } from '../../src/trial.ts';
import { triedBy } from '../../src/words/measures.ts';
import { Groups } from '../../src/words/parameters.ts';

const space = spaceOf({
  alpha: { float: [1e-6, 10], scale: 'log' },
  solver: ['lu', 'qr'],
  degree: { int: [1, 8], when: { solver: 'qr' } },
  layers: [[20], [64, 32]],
});

const metrics = [
  { name: 'error', goal: 'minimise' },
  { name: 'gain', goal: 'maximise' },
] as const;
const tried = triedBy({ metric: null, metrics });

const doneTrial = (number: number, params: Params, error: number, gain: number): DoneTrial => {
  const best = { step: 3, values: [error, gain] };
  const spec = { id: number, number, role: 'search', key: `k${number}`, replicate: 0, params } as const;
  return { ...spec, attempts: 1, state: 'done', best, last: best, seconds: 1, artifacts: {} };
};

/** Trial n of 40: its error depends on alpha alone, and its gain on its number. */
const trials = Array.from({ length: 40 }, (_, i) => {
  const alpha = 10 ** (-6 + ((i * 17) % 40) * (7 / 39));
  const solver = i % 2 === 0 ? { solver: 'lu' } : { solver: 'qr', degree: 1 + ((i * 5) % 8) };
  const params = { alpha, ...solver, layers: i % 3 === 0 ? [20] : [64, 32] };
  return doneTrial(i + 1, params, (Math.log10(alpha) + 2) ** 2, i);
});

const searched: Searched = {
  ...{ tried, space },
  done: trials.toSorted((a, b) => (a.best.values[0] as number) - (b.best.values[0] as number)),
};

const defined = (figure: Figure | undefined): Figure => {
  if (figure === undefined) throw new Error('there is no figure');
  return figure;
};
const optionOf = <Option>(figure: Figure | undefined): Option =>
  defined(figure).option({ theme: lightTheme, width: 940 }) as Option;

t.test('a range has its whole width, in logarithms where it is searched in them', async (t) => {
  const [alpha, solver, degree, layers] = scalesOf(trials.slice(0, 6), space);
  t.match(alpha, { kind: 'log', isRange: true, low: -6, high: 1 });
  t.match(solver, { kind: 'places', ticks: [{ text: 'lu' }, { text: 'qr' }] });
  t.match(degree, { kind: 'linear', low: 1, high: 8 });
  t.match(layers, { kind: 'places', ticks: [{ text: '[20]' }, { text: '[64, 32]' }] });
  t.equal(degree?.at(trials[0] as DoneTrial), undefined, 'where it does not apply it has no place');
  t.match(
    scalesOf(trials, undefined)[0],
    { kind: 'log' },
    'without its space numbers over decades are logarithmic',
  );
});

t.test(
  'a range in logarithms is labelled by round numbers where it holds three, and by others where not',
  async (t) => {
    const labelsOf = (min: number, max: number) =>
      scalesOf(trials, spaceOf({ alpha: { float: [min, max], scale: 'log' } }))[0]?.ticks.map(
        ({ text }) => text,
      );
    t.same(labelsOf(0.0005, 0.002), ['0.0005', '0.001', '0.002']);
    t.same(labelsOf(0.0015, 0.005), ['0.0015', '0.002', '0.003', '0.005']);
  },
);

t.test('the labels of an axis are short however small or large its numbers are', async (t) => {
  t.same([0, 0.3, -2, 0.0005, 250_000].map(tickText), ['0', '0.3', '-2', '0.0005', '250000']);
  t.same([0.000005, 3 * 0.00001, -8e6, 1e12].map(tickText), ['5e-6', '3e-5', '-8e6', '1e12']);
});

t.test('labels that have no room beside each other are thinned evenly, those of a choice cut', async (t) => {
  const wide = spaceOf({ alpha: { float: [1e-6, 1e6], scale: 'log' }, kind: ['relu', 'sigmoid', 'tanh'] });
  const params = [
    { alpha: 1, kind: 'sigmoid' },
    { alpha: 2, kind: 'relu' },
    { alpha: 3, kind: 'tanh' },
  ];
  const [alpha, kind] = scalesOf(
    params.map((one) => ({ params: one })),
    wide,
  );
  if (alpha === undefined || kind === undefined) throw new Error('there are no scales');
  const labels = (across?: number) => scaleAxis(alpha, lightTheme, across).axisLabel.customValues;
  t.equal(labels().length, 13, 'above each other they have room');
  t.same(labels(300), [-6, -4, -2, 0, 2, 4, 6]);
  t.match(scaleAxis(kind, lightTheme, 120).axisLabel, {
    width: 38,
    overflow: 'truncate',
    hideOverlap: false,
  });
  t.match(scaleAxis(kind, lightTheme, 60).axisLabel, { hideOverlap: true }, 'but not to nothing');
});

t.test('names in a legend are cut where the paper is narrower', async (t) => {
  const names = ['a', 'b'.repeat(200)];
  for (const width of [320, 940]) {
    const look = { theme: lightTheme, width };
    t.ok(legendRow(names, look).textStyle.width < width);
    t.ok(curveLegend([{ name: names[1] ?? '' }], look).options.textStyle.width < width);
    t.equal(legendRowHeight(names, width), 56, 'below each other');
  }
});

t.test(
  'stretches below 0 are told without a dash, and the numbers of a map fit into its cells',
  async (t) => {
    const range = spaceOf({ x: { float: [-5, 5] }, y: { float: [0, 1] } });
    const done = Array.from({ length: 100 }, (_, i) =>
      doneTrial(i + 1, { x: -5 + (i % 10), y: Math.floor(i / 10) / 10 }, 1.2345e-7 * (i + 1), 0),
    );
    const figure = defined(heatMapFigure({ tried, space: range, done }));
    t.same(figure.table?.rows.at(0)?.[0], '0–0.1');
    t.match(figure.table?.head[1], 'x -5 to -4');
    const { grid, series } = optionOf<{
      grid: { left: number; right: number };
      series: { data: { label: { show: boolean; fontSize: number; formatter: string } }[] }[];
    }>(figure);
    const cell = (940 - grid.left - grid.right) / 10;
    for (const { label } of series[0]?.data ?? [])
      t.ok(label.show && label.fontSize * 0.66 * label.formatter.length < cell, label.formatter);
  },
);

t.test('the axis of what never changes shows its value alone', async (t) => {
  const measure = { written: 'number', title: 'error' } as const;
  t.match(measureAxis(measure, [250, 250]), { min: 225, max: 275, axisLabel: { customValues: [250] } });
  t.match(measureAxis(measure, [0]), { min: -1, max: 1, axisLabel: { customValues: [0] } });
});

t.test('a choice stands in its order, and each of its values has one colour in every figure', async (t) => {
  const qr = { params: { solver: 'qr' } };
  t.equal(new Groups([qr], space).indexOf(qr), 1, 'also where no trial is shown that has the first');
  const scaled = [true, false].map((scale) => ({ params: { solver: 'qr', scale } }));
  t.equal(new Groups(scaled, space).text, '; a colour a value of scale', 'only one solver came up');
  const backwards = scalesOf([qr, { params: { solver: 'lu' } }], space);
  t.same(
    backwards[0]?.ticks.map(({ text }) => text),
    ['lu', 'qr'],
  );
});

t.test('the effect of a conditional parameter shows only trials that have it', async (t) => {
  const figure = defined(effectsFigure(searched));
  t.match(figure.subtitle, 'error at the best step, the lower the better');
  const byLast = triedBy({ metric: null, metrics, definition: '{"search":{"result":"last"}}' });
  t.match(effectsFigure({ ...searched, tried: byLast })?.subtitle, 'error at the last step, the lower');
  t.match(figure.subtitle, 'a parameter that applies only sometimes shows the trials that have it');
  const { series } = optionOf<{ series: { data: unknown[] }[] }>(figure);
  t.same(
    [1, 3, 5, 7].map((index) => series[index]?.data.length),
    [40, 40, 20, 40],
  );
  t.match(figure.subtitle, 'a colour a value of solver', 'nothing else says what the colours are');
  t.same(
    [0, 2, 6].map((index) => series[index]?.data.length),
    [0, 2, 2],
    'a line through means, but not of a range, of which no value comes twice',
  );
});

t.test('in parallel coordinates, trials without a parameter stand below its lowest value', async (t) => {
  const { parallelAxis, series } = optionOf<{
    parallelAxis: { name: string; min: number }[];
    series: { data: { value: number[] }[] }[];
  }>(parallelFigure(searched));
  const place = parallelAxis.findIndex(({ name }) => name === 'degree');
  const values = series[0]?.data.map(({ value }) => value[place] as number) ?? [];
  t.equal(values.filter((value) => value < 1).length, 20);
  t.ok(values.every((value) => value > (parallelAxis[place]?.min as number)));
  t.equal(parallelAxis.at(-1)?.name, 'error', 'what decides is the last');
  t.notOk(
    parallelAxis.some(({ name }) => name.endsWith(' step')),
    'all are best at the same step',
  );
});

t.test('parallel coordinates say that they have no room for every parameter', async (t) => {
  const names = Array.from({ length: 12 }, (_, place) => `p${place}`);
  const done = [1, 2].map((number) =>
    doneTrial(number, Object.fromEntries(names.map((name) => [name, number])), number, 0),
  );
  const figure = defined(parallelFigure({ tried, done, space: undefined }));
  t.match(figure.subtitle, 'of 12 parameters only the first 10 that differ are drawn');
  t.notMatch(defined(parallelFigure(searched)).subtitle, 'parameters the first');
});

t.test('the map of a range has stretches, and no cell where nothing was tried', async (t) => {
  const figure = defined(heatMapFigure(searched, ['alpha', 'degree']));
  t.match(figure.subtitle, 'where nothing was tried it is empty');
  t.equal(figure.table?.head.length, 11);
  t.equal(figure.table?.head[1], 'alpha 1.0e-6–5.0e-6');
  t.equal(figure.table?.rows.at(-1)?.[0], '–', 'a row for those to which degree does not apply');
  const cells = optionOf<{ series: { data: unknown[] }[] }>(figure).series[0]?.data.length ?? 0;
  t.ok(cells < 90, `${cells}`);
  t.equal(heatMapFigure(searched, ['alpha', 'nothing']), undefined);
});

t.test(
  'the best so far falls from record to record, beside what a random order is expected to show',
  async (t) => {
    const figure = defined(bestSoFarFigure(searched));
    const errors = trials.map(({ best }) => best.values[0] as number);
    const records = errors.filter((error, index) => error < Math.min(...errors.slice(0, index)));
    t.equal(figure.table?.rows.length, records.length);
    const { series } = optionOf<{ series: { name: string; data: [number, number][] }[] }>(figure);
    const expected = series.find(({ name }) => name.startsWith('random order'))?.data ?? [];
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
    t.ok(Math.abs((expected[0]?.[1] ?? 0) - mean) < 1e-9, 'of one trial the mean of all');
    t.ok(Math.abs((expected.at(-1)?.[1] ?? 0) - Math.min(...errors)) < 1e-12, 'of all trials the best');
    t.equal(bestSoFarFigure({ ...searched, done: trials.slice(0, 9) }), undefined, 'not of nine trials');
  },
);

t.test(
  'the parameter that decides is the most important; a conditional one has PED-ANOVA alone',
  async (t) => {
    const importances = importancesOf(searched);
    t.match(importances[0], { name: 'alpha' });
    t.ok((importances[0]?.fanova ?? 0) > 0.9, JSON.stringify(importances));
    t.equal(importances.find(({ name }) => name === 'degree')?.fanova, undefined);
    t.match(importancesFigure(searched, importances)?.table?.rows, [['alpha', / %$/, / %$/]]);
    t.same(importancesOf({ ...searched, space: undefined }), [], 'not without the space');
    t.same(importancesOf({ ...searched, done: trials.slice(0, 9) }), [], 'not of nine trials');
  },
);

t.test('the front holds the trials that no other beats in both metrics', async (t) => {
  const figure = defined(paretoFigure(searched));
  const front = trials.filter(
    (one) =>
      !trials.some(
        ({ best: { values: other } }) =>
          (other[0] as number) <= (one.best.values[0] as number) &&
          (other[1] as number) > (one.best.values[1] as number),
      ),
  );
  t.same(
    figure.table?.rows.map(([number]) => Number(number)).sort((a, b) => a - b),
    front.map(({ number }) => number).sort((a, b) => a - b),
  );
  const oneGoal = triedBy({ metric: null, metrics: [{ name: 'error', goal: 'minimise' }] });
  t.equal(paretoFigure({ ...searched, tried: oneGoal }), undefined);
});

t.test('rungs count who reached a step, and who was pruned there', async (t) => {
  const pruned = (number: number, step: number): Trial => {
    const report = { step, values: [1, 1] };
    return { ...doneTrial(number, {}, 1, 1), state: 'pruned', best: report, last: report };
  };
  const figure = rungsFigure(
    endsOf([...trials.slice(0, 2), pruned(3, 1), pruned(4, 1), pruned(5, 2)]),
    'step',
  );
  t.same(figure?.table?.rows, [
    ['step 1', '2', '3'],
    ['step 2', '1', '2'],
    ['done', '0', '2'],
  ]);
  t.match(figure?.subtitle, '3 of 5 trials were pruned');
  t.equal(rungsFigure(endsOf(trials), 'step'), undefined);
});

t.test('every figure fits wide and narrow paper and leaves no number undefined', async (t) => {
  const figures = [
    effectsFigure(searched),
    parallelFigure(searched),
    heatMapFigure(searched),
    bestSoFarFigure(searched),
    importancesFigure(searched, importancesOf(searched)),
    paretoFigure(searched),
    scatterMatrixFigure(searched, ['degree']),
  ];
  for (const figure of figures)
    for (const width of [332, 940])
      t.notMatch(
        await pictureSvg(defined(figure), { width }),
        /NaN|Infinity|undefined|>null</,
        `${defined(figure).name} at ${width}`,
      );
});

t.test(
  'words beside a figure are in the colours of the page, so that they can be read in the dark',
  async (t) => {
    const figures = [
      effectsFigure(searched),
      parallelFigure(searched),
      bestSoFarFigure(searched),
      importancesFigure(searched, importancesOf(searched)),
      paretoFigure(searched),
      scatterMatrixFigure(searched, ['degree']),
    ];
    for (const figure of figures)
      t.notMatch(
        (await drawFigure(defined(figure), 940)).svg,
        /<text[^>]* fill="(?!var)/,
        defined(figure).name,
      );
  },
);
