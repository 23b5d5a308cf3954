import t from 'tap';
import { textChart } from '../../src/terminal/text-chart.ts';
import { sparkline } from '../../src/words/sparkline.ts';
import { displayWidth } from '../../src/words/text.ts';

const chart = (validation: number[], training = validation, width = 60, height = 8) =>
  textChart({
    title: 'loss',
    solid: { name: 'validation', values: validation },
    dotted: { name: 'training', values: training },
    width,
    height,
    format: (value) => value.toFixed(2),
  });

const upTo = (epochs: number, value: (i: number) => number) =>
  Array.from({ length: epochs }, (_, i) => value(i));
const dots = (lines: readonly string[]) =>
  lines
    .slice(1, -2)
    .join('')
    .replace(/[^\u2801-\u28ff]/g, '').length;

t.test('a chart has the height and width asked for, with its extremes and epochs on the axes', async (t) => {
  const lines = chart(upTo(100, (i) => 3 - i / 50));
  t.equal(lines.length, 1 + 8 + 2);
  t.ok(lines.slice(1).every((line) => displayWidth(line) <= 60));
  t.match(lines[1], /^3\.00 ┤/);
  t.match(lines[8], /^1\.02 ┤/);
  t.match(lines.at(-1), /^ +1 +epoch +100$/);
});

t.test('a falling curve starts at the top left and ends at the bottom right', async (t) => {
  const lines = chart(upTo(50, (i) => -i));
  t.match(lines[1]?.split('┤')[1], /^[\u2801-\u28ff]/);
  t.match(lines[8], /[\u2801-\u28ff]$/);
  t.equal(displayWidth(lines[8] ?? ''), 60);
});

t.test('training is dotted and validation a line, so they differ without colour', async (t) => {
  const gap = upTo(40, () => Number.NaN);
  const level = upTo(40, (i) => i);
  t.ok(dots(chart(level, gap)) > 2 * dots(chart(gap, level)));
});

t.test('one epoch, two epochs, constant curves and 10,000 epochs can be drawn', async (t) => {
  for (const values of [[1], [1, 2], [1, 1, 1], upTo(10_000, Math.sin)]) {
    const lines = chart(values);
    t.equal(lines.length, 11);
    t.ok(dots(lines) > 0, `${values.length} epochs`);
  }
});

t.test('values that are not finite leave gaps, and no finite value at all is said', async (t) => {
  t.ok(dots(chart([3, Number.NaN, 2, Number.POSITIVE_INFINITY, 1])) > 0);
  t.same(chart([]), ['loss', '(no finished epoch)']);
  t.same(chart([Number.NaN]), ['loss', '(no finished epoch)']);
});

t.test('a single spike among 10,000 epochs is not lost', async (t) => {
  const lines = chart(
    upTo(10_000, (i) => (i === 5_001 ? 9 : 1)),
    [],
  );
  t.match(lines[1], /^9\.00 ┤ +[\u2801-\u28ff]$/);
});

t.test('a sparkline shows the shape in at most the width given', async (t) => {
  t.equal(sparkline([0, 1, 2, 3, 4, 5, 6, 7], 20), '▁▂▃▄▅▆▇█');
  t.equal(
    sparkline(
      upTo(10_000, (i) => i),
      4,
    ),
    '▁▃▆█',
  );
  t.equal(sparkline([1, Number.NaN, 3], 5), '▁ █');
  t.equal(sparkline([2, 2], 5), '▄▄');
  t.equal(sparkline([], 5), '');
  t.equal(sparkline([1], 0), '');
});
