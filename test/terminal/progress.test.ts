import t from 'tap';
import { renderProgress } from '../../src/terminal/progress.ts';
import { displayWidth } from '../../src/words/text.ts';
import { running, state } from '../findings/sample-progress.ts';

t.test(
  'a running trial shows its parameters, epoch, loss, accuracy and time left beside a bar',
  async (t) => {
    const [first, second, role] = renderProgress(state, { columns: 140, rows: 24 }, 6_000);
    t.match(
      first,
      /^trial 4 {2}learning rate 0\.001 {2}batch size 128 {2}█{12}░{12} {2}50\/100 {2}loss 0\.6123 {2}accuracy 88\.12 % {2}5 s left$/,
    );
    t.match(second, /^trial 5 .* {2}░{24} {3}0\/100$/);
    // 3 finished trials and half a trial of 9, of 24 characters.
    t.match(role, /^search +█{9}░{15} {2}3 of 9 trials {2}/);
  },
);

t.test('no line is wider than the terminal, however narrow', async (t) => {
  for (let columns = 1; columns <= 150; columns++) {
    const lines = renderProgress(state, { columns, rows: 24 }, 6_000);
    t.ok(Math.max(...lines.map(displayWidth)) < Math.max(2, columns), `${columns} columns`);
  }
});

t.test('eighty columns have room for a bar', async (t) => {
  t.match(renderProgress(state, { columns: 80, rows: 24 }, 6_000)[0], /█+░+ {2}50\/100/);
});

t.test('more trials than the terminal has lines are counted instead of shown', async (t) => {
  const many = { ...state, running: Array.from({ length: 64 }, (_, i) => running(i + 1, 10)) };
  const lines = renderProgress(many, { columns: 120, rows: 10 }, 6_000);
  t.equal(lines.length, 9);
  t.match(lines.at(-1), '56 more running');
});

t.test('a phase of no trials is drawn too', async (t) => {
  t.match(
    renderProgress({ ...state, trials: 0, finished: 0, running: [] }, { columns: 80, rows: 24 }, 0)[0],
    /0 of 0/,
  );
});
