import t from 'tap';
import { pictureSvg, usualWidth } from '../../src/figures/chart.ts';
import { confusionFigure } from '../../src/figures/confusion.ts';
import { effectsFigure } from '../../src/figures/effects.ts';
import type { Figure } from '../../src/figures/figure.ts';
import { heatMapFigure } from '../../src/figures/heat-map.ts';
import { misreadPictures, misreadSheet } from '../../src/figures/misread-pictures.ts';
import { parallelFigure } from '../../src/figures/parallel.ts';
import { publishedFigure } from '../../src/figures/published.ts';
import { pngOf } from '../../src/figures/raster.ts';
import { reliabilityFigure } from '../../src/figures/reliability.ts';
import { rocFigure } from '../../src/figures/roc.ts';
import type { Searched } from '../../src/figures/searched.ts';
import { lightTheme } from '../../src/figures/theme.ts';
import type { Predictions } from '../../src/findings/model-predictions.ts';
import { decisive, epochOf, type NetworkMetric } from '../../src/metric.ts';
import type { DoneTrial } from '../../src/trial.ts';
import { networksBy } from '../../src/words/measures.ts';
import { trial } from '../findings/example-results.ts';
import { row, trialByLoss } from '../findings/sample-trials.ts';
import { defined, grid, overFolds, session, timeLine } from './samples.ts';

const look = { theme: lightTheme, width: 880 };
const searched = (done: readonly DoneTrial[], metric: NetworkMetric): Searched => ({
  ...{ done, tried: networksBy(metric), space: undefined },
});

/** Ten rows of three classes; a 0 is taken for a 2, surely, and a 1 for a 0, less so. */
const predictions: Predictions = {
  classes: ['Adelie', 'Chinstrap', 'Gentoo'],
  labels: Uint8Array.of(0, 1, 2, 0, 1, 2, 0, 1, 2, 0),
  predicted: Uint8Array.of(0, 1, 2, 2, 0, 2, 0, 1, 2, 0),
  confidence: Float32Array.of(1, 1, 1, 0.9, 0.6, 1, 1, 1, 1, 1),
  scores: undefined,
  pictures: {
    ...{ rows: 4, columns: 4 },
    pixels: (picture) => Uint8Array.from({ length: 16 }, (_, i) => 16 * i + picture),
  },
};

t.test(
  'the heat map has its axes in numeric order, a value in every cell, and the winner framed',
  async (t) => {
    const figure = defined(heatMapFigure(searched(grid, 'validationAccuracy')));
    const option = figure.option(look) as { xAxis: { data: string[] }; yAxis: { data: string[] } };
    t.same(option.xAxis.data, ['0.001', '0.01', '0.1']);
    t.same(option.yAxis.data, ['4', '16', '128']);
    t.same(figure.table?.rows[1], ['16', '93.00 %', '92.00 %', '94.00 %']);
    const svg = await pictureSvg(figure);
    for (const { best } of grid) t.match(svg, `>${(100 * decisive(best)).toFixed(2)} %<`);
    t.match(svg, `stroke="${lightTheme.ink}" stroke-width="4"`);
  },
);

t.test('a cell of replicates holds their mean, and of losses under the metric of losses', async (t) => {
  const twice = [...grid, ...grid.map((one) => ({ ...one, best: row(1, 0.5, 2) }))] as DoneTrial[];
  t.same(defined(heatMapFigure(searched(twice, 'validationAccuracy'))).table?.rows[1]?.[3], '72.00 %');
  t.match(defined(heatMapFigure(searched(twice, 'validationAccuracy'))).subtitle, 'mean of 2 replicates');
  const cut = { ...searched(twice, 'validationAccuracy'), tried: overFolds };
  t.match(defined(heatMapFigure(cut)).subtitle, 'mean of 2 folds');
  t.same(
    defined(heatMapFigure(searched(grid.map(trialByLoss), 'validationLoss'))).table?.rows[1]?.[3],
    '0.3100',
  );
});

t.test('one combination is a grid too, and no trial is no figure', async (t) => {
  const one = grid.slice(0, 1);
  t.match(await pictureSvg(defined(heatMapFigure(searched(one, 'validationAccuracy')))), '>94.00 %<');
  t.notMatch(await pictureSvg(defined(parallelFigure(searched(one, 'validationAccuracy')))), /NaN|Infinity/);
  t.equal(
    effectsFigure(searched(one, 'validationAccuracy')),
    undefined,
    'a parameter with one value has no effect to show',
  );
  t.equal(heatMapFigure(searched([], 'validationAccuracy')), undefined);
  t.equal(parallelFigure(searched([], 'validationAccuracy')), undefined);
});

t.test(
  'parallel coordinates draw the winner last and broadest, through every parameter and result',
  async (t) => {
    const { parallelAxis, series } = defined(parallelFigure(searched(grid, 'validationAccuracy'))).option(
      look,
    ) as {
      parallelAxis: { name: string }[];
      series: { data: { lineStyle: { width: number; color: string } }[] }[];
    };
    t.same(
      parallelAxis.map(({ name }) => name),
      ['learning rate', 'batch size', 'time (s)', 'loss', 'accuracy (%)'],
    );
    t.match(series[0]?.data.at(-1)?.lineStyle, { width: 3, color: lightTheme.ink });
  },
);

t.test('many values of a parameter become a range, logarithmic where it spans decades', async (t) => {
  const many = Array.from(
    { length: 40 },
    (_, i) => trial(i + 1, { params: { learningRate: 10 ** (-4 + i / 10), batchSize: 8 } }) as DoneTrial,
  );
  const { parallelAxis } = defined(parallelFigure(searched(many, 'validationAccuracy'))).option(look) as {
    parallelAxis: { min: number; max: number }[];
  };
  const [rate] = parallelAxis;
  t.ok(rate !== undefined && rate.min < -4 && rate.max > -0.1 && rate.max < 0.5, JSON.stringify(rate));
  t.match(await pictureSvg(defined(effectsFigure(searched(many, 'validationAccuracy')))), '<svg');
});

t.test('the effect of a parameter is a line through the means of its values', async (t) => {
  const { series } = defined(effectsFigure(searched(grid, 'validationAccuracy'))).option(look) as {
    series: { data: unknown[] }[];
  };
  t.equal(series.length, 4);
  // Learning rate 0.001: trials 2, 5 and 8.
  t.same(
    (series[0]?.data[0] as [number, number] | undefined)?.map((value) => Number(value.toFixed(6))),
    [-3, 0.9],
  );
});

t.test('the confusion matrix counts what is taken for what', async (t) => {
  const figure = confusionFigure(predictions);
  t.same(figure.table?.rows, [
    ['Adelie', '3', '0', '1'],
    ['Chinstrap', '1', '2', '0'],
    ['Gentoo', '0', '0', '3'],
  ]);
  t.match(
    figure.subtitle,
    '8 of 10 test rows are predicted correctly (80.00 %); the most frequent confusion, once: Adelie predicted as Gentoo',
  );
  t.equal(figure.tips[2]?.text, '1 of 4 rows of class Adelie are predicted as Gentoo');
  for (const width of [332, 880]) {
    const svg = await pictureSvg(figure, { width });
    for (const text of ['predicted class', 'Adelie', 'Chinstrap', 'Gentoo']) t.match(svg, `>${text}<`);
  }
});

t.test('of many classes the confusion matrix tells the pairs that came up, in a small file', async (t) => {
  const count = 200;
  const labels = Uint8Array.from({ length: 2 * count }, (_, row) => row % count);
  // Class 7 is once taken for 8.
  const predicted = labels.map((label, row) => (row === 7 ? 8 : label));
  const classes = Array.from({ length: count }, (_, label) => `class number ${label}`);
  const figure = confusionFigure({ ...predictions, classes, labels, predicted });
  t.same(figure.table, {
    head: ['true class', 'predicted class', 'rows'],
    rows: [['class number 7', 'class number 8', '1']],
  });
  t.same(
    figure.tips.filter(({ at: [prediction, label] }) => prediction !== label).map(({ text }) => text),
    ['1 of 2 rows of class class number 7 are predicted as class number 8'],
  );
  for (const width of [332, 880]) {
    const svg = await pictureSvg(figure, { width });
    t.ok(svg.length < 100_000, `${svg.length} characters`);
    const named = svg.match(/rotate\(-90/g)?.length ?? svg.match(/matrix\(0,-1,1,0/g)?.length ?? 0;
    t.ok(named > 5 && named < width / 12, `${named} names below have room`);
  }
});

t.test('a ROC curve a class against the rest, the worst in colours where there are many', async (t) => {
  t.equal(rocFigure(predictions), undefined, 'none without scores');
  const labels = Array.from({ length: 80 }, (_, row) => row % 8);
  // The more a class lies above the fourth, the more of its rows look like others.
  const scores = Array.from({ length: 8 }, (_, label) =>
    labels.map((own, row) => (own === label && row >= 8 * (label - 3) ? 0.9 : 0.1 + row / 1000)),
  );
  const classes = Array.from({ length: 8 }, (_, label) => `class ${label}`);
  const figure = defined(rocFigure({ classes, labels, scores, predicted: labels, confidence: labels }));
  t.match(
    figure.subtitle,
    /^each class against the rest; the mean of the 8 areas is 0\.\d{4}; the true positive rate/,
  );
  t.same(figure.table?.rows[3], ['class 3', '1.0000']);
  const svg = await pictureSvg(figure);
  t.match(svg, '>3 others, better<');
  t.match(svg, />class 7: 0\.\d{4}</);
  t.notMatch(svg, '>class 2:');
});

t.test('of two classes there is one ROC curve, with the corner that it bends in enlarged', async (t) => {
  const labels = Array.from({ length: 200 }, (_, row) => row % 2);
  const second = labels.map((label, row) => (row < 3 ? 0.5 : label === 1 ? 0.9 : 0.1));
  const figure = defined(
    rocFigure({
      ...{ classes: ['no', 'yes'], labels, predicted: labels, confidence: labels },
      scores: [second.map((score) => 1 - score), second],
    }),
  );
  t.match(figure.subtitle, 'the area under the curve of yes against no is 0.9999');
  t.match(await pictureSvg(figure), '>true positive rate (%), enlarged<');
});

t.test('calibration shows what is right by how sure the model is, and of how many rows', async (t) => {
  const figure = reliabilityFigure(predictions);
  t.same(figure.table, {
    head: ['output', 'mean output', 'right', 'rows'],
    rows: [
      ['60 to 70 %', '60.00 %', '0.00 %', '1'],
      ['80 to 90 %', '90.00 %', '0.00 %', '1'],
      ['90 to 100 %', '100.00 %', '100.00 %', '8'],
    ],
  });
  t.match(figure.subtitle, 'The mean distance, weighted by rows (expected calibration error), is 15.00 %');
  t.match(
    figure.tips[2]?.text,
    /^8 rows with an output from 90 to 100 %, 100\.00 % in the mean\n100\.00 % are right \(95 %: 67/,
  );
  t.match(await pictureSvg(figure), '>confidence (%)<');
});

t.test(
  'misread pictures come with the surest mistake first, as pictures that hold their pixels',
  async (t) => {
    const misread = misreadPictures(predictions);
    t.same(
      misread?.shown.map(({ row: at, label, prediction }) => [at, label, prediction]),
      [
        [3, 'Adelie', 'Gentoo'],
        [4, 'Chinstrap', 'Adelie'],
      ],
    );
    t.match(misread?.shown[0]?.picture, /^data:image\/png;base64,iVBORw0KGgo/);
    t.match(misread && misreadSheet(misread), 'Adel… \u2192 Gent…');
    t.equal(
      misreadPictures({ ...predictions, predicted: predictions.labels }),
      undefined,
      'none where all is right',
    );
  },
);

t.test('published figures stand beside ours with their interval', async (t) => {
  const figure = defined(
    publishedFigure([
      { what: 'validation accuracy', published: 0.84, ours: 0.9129, interval: { low: 0.9072, high: 0.9183 } },
    ]),
  );
  t.same(figure.table?.rows, [['validation accuracy', '84.00 %', '91.29 %', '90.72 to 91.83 %']]);
  t.match(await pictureSvg(figure), '>published 84.00 %<');
  t.equal(publishedFigure([]), undefined);
});

t.test('every figure fits narrow paper and leaves no number undefined', async (t) => {
  const spans = [{ trialId: 1, session: 1, thread: 0, from: 0, to: 1 }];
  const figures = [
    heatMapFigure(searched(grid, 'validationAccuracy')),
    parallelFigure(searched(grid, 'validationAccuracy')),
    effectsFigure(searched(grid, 'validationAccuracy')),
    confusionFigure(predictions),
    reliabilityFigure(predictions),
    timeLine(new Map(grid.map((one) => [one.id, one])), {
      spans,
      sessions: [session(1, { threads: 1, seconds: 1 })],
    }),
  ];
  for (const figure of figures) {
    const svg = await pictureSvg(defined(figure), { width: 332 });
    t.match(svg, /^<svg role="img" aria-label="[^"]+" width="332"/);
    t.notMatch(svg, /NaN|Infinity|undefined| style=| class=/, defined(figure).name);
  }
});

t.test(
  'a trial of no group has a colour of its own in the time line, and its name in the legend',
  async (t) => {
    const spans = [1, 99].map((trialId, thread) => ({ trialId, session: 1, thread, from: 0, to: 1 }));
    const sessions = [session(1, { threads: 2, seconds: 1 })];
    const figure = defined(timeLine(new Map(grid.map((one) => [one.id, one])), { spans, sessions }));
    const svg = await pictureSvg(figure, { theme: lightTheme });
    t.match(svg, '>trials not done<');
    t.match(svg, new RegExp(`<path[^>]* stroke="${lightTheme.soft}"`));
  },
);

t.test('a PNG is twice the size of its SVG, with its labels written', async (t) => {
  const svg = await pictureSvg(defined(heatMapFigure(searched(grid, 'validationAccuracy'))));
  const png = Buffer.from(await pngOf(svg));
  t.equal(png.toString('latin1', 1, 4), 'PNG');
  t.equal(png.readUInt32BE(16), 2 * usualWidth);
  const blank = Buffer.from(await pngOf(svg.replace(/<text[^>]*>[^<]*<\/text>/g, '')));
  t.ok(png.length > blank.length + 2_000, 'without its texts the picture is smaller');
});

t.test('the best looks the same whichever way is better', async (t) => {
  type Options = {
    visualMap: { inRange: { color: string[] } };
    parallelAxis: { name: string; inverse: boolean }[];
    series: { data: { value: number[]; itemStyle: { borderWidth: number } }[] }[];
  };
  const optionOf = (figure: Figure | undefined) => defined(figure).option(look) as unknown as Options;
  const colours = (metric: NetworkMetric) =>
    optionOf(heatMapFigure(searched(grid, metric))).visualMap.inRange.color;
  t.strictSame(
    colours('validationLoss'),
    colours('validationAccuracy').toReversed(),
    'the better the brighter',
  );
  for (const [metric, name, inverse] of [
    ['validationAccuracy', 'accuracy (%)', false],
    ['validationLoss', 'loss', true],
  ] as const)
    t.match(
      optionOf(parallelFigure(searched(grid, metric))).parallelAxis.at(-1),
      { name, inverse },
      'the best end is above',
    );
  const [first] = grid;
  const dots = optionOf(effectsFigure(searched(grid.map(trialByLoss), 'validationLoss'))).series[1]?.data;
  t.equal(
    dots?.at(-1)?.value[1],
    first && epochOf('validationAccuracy', first.best).evaluationLoss,
    'effects on what decides',
  );
  t.same(
    dots?.map(({ itemStyle }) => itemStyle.borderWidth > 0),
    grid.map((one) => one === first).toReversed(),
    'the winner is framed, on top of the others',
  );
});
