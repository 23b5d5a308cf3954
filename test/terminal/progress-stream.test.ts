import { Writable } from 'node:stream';
import { WriteStream } from 'node:tty';
import t from 'tap';
import type { ProgressState } from '../../src/findings/progress-state.ts';
import { networkMetrics } from '../../src/metric.ts';
import { ProgressLines } from '../../src/terminal/progress-stream.ts';

class FakeTerminal extends Writable {
  written = '';
  isTTY = true;
  columns = 100;
  rows = 24;
  getColorDepth = WriteStream.prototype.getColorDepth;

  override _write(chunk: Buffer, _encoding: string, callback: () => void): void {
    this.written += chunk.toString();
    callback();
  }
}

const esc = '\u001b';
/** A cursor movement or erasure, a line feed, a carriage return, or text. */
const tokens = new RegExp(`${esc}\\[\\??\\d*[A-Za-z]|\\n|\\r|[^${esc}\\n\\r]+`, 'g');

/** What a person would see after a terminal has obeyed the movements that ProgressLines uses. */
function screen(written: string): string[] {
  const lines: string[] = [];
  let row = 0;
  let atStart = true;
  for (const [token] of written.matchAll(tokens)) {
    if (token === '\n') row++;
    if (token === '\n' || token === '\r') atStart = true;
    else if (token === `${esc}[J`) lines.length = atStart ? row : row + 1;
    else if (token.startsWith(esc)) row -= token.endsWith('A') ? Number.parseInt(token.slice(2), 10) : 0;
    else {
      lines[row] = token;
      atStart = false;
    }
  }
  return lines;
}

const state = (epoch: number, failed = 0): ProgressState => ({
  role: 'search',
  trials: 9,
  finished: 3,
  diverged: 0,
  failed,
  metric: 'validationAccuracy',
  folds: 1,
  metrics: networkMetrics('validationAccuracy'),
  epochsPerTrial: 100,
  threads: 1,
  measured: { epochs: 0, seconds: 0 },
  running: [
    { id: 1, number: 4, params: { learningRate: 0.001, batchSize: 128 }, epoch, epochs: 100, startedAt: 0 },
  ],
});

t.test('a frame takes the place of the one before', async (t) => {
  const terminal = new FakeTerminal();
  using progress = new ProgressLines(terminal, {});
  progress.render(state(1), 1_000);
  progress.render(state(50), 1_000);
  const shown = screen(terminal.written);
  t.equal(shown.length, 2);
  t.match(shown[0], /50\/100/);
  t.match(shown[1], /^search/);
});

t.test('closing takes the bars away and gives the cursor back, once', async (t) => {
  const terminal = new FakeTerminal();
  const listeners = process.listenerCount('exit');
  const progress = new ProgressLines(terminal, {});
  progress.render(state(1), 1_000);
  t.equal(process.listenerCount('exit'), listeners + 1);
  terminal.written = '';
  progress.close();
  t.equal(terminal.written, '\r\u001b[1A\u001b[J\u001b[?25h');
  progress.close();
  t.equal(terminal.written, '\r\u001b[1A\u001b[J\u001b[?25h');
  t.equal(process.listenerCount('exit'), listeners);
});

t.test('a line that stays stands above the bars', async (t) => {
  const terminal = new FakeTerminal();
  using progress = new ProgressLines(terminal, {});
  progress.render(state(1), 1_000);
  progress.line('[1/9] trial 1 done');
  const shown = screen(terminal.written);
  t.equal(shown[0], '[1/9] trial 1 done');
  t.match(shown[1], /^trial 4/);
  t.match(shown[2], /^search/);
});

t.test('a terminal made narrower is cleared of all rows that the folded lines take', async (t) => {
  const terminal = new FakeTerminal();
  using progress = new ProgressLines(terminal, {});
  progress.render(state(1), 1_000);
  terminal.written = '';
  terminal.columns = 20;
  progress.render(state(2), 1_000);
  const up = Number(/\[(\d+)A/.exec(terminal.written)?.[1]);
  t.ok(up > 3, `${up} rows up`);
});

t.test('without a terminal, or on a dumb one, there are plain lines and no control character', async (t) => {
  for (const [isTTY, term] of [
    [false, 'xterm'],
    [true, 'dumb'],
  ] as const) {
    const stream = Object.assign(new FakeTerminal(), { isTTY });
    const progress = new ProgressLines(stream, { TERM: term });
    t.equal(progress.live, false);
    progress.render(state(1), 1_000);
    progress.line('[1/9] trial 1 done');
    progress.close();
    t.equal(stream.written, '[1/9] trial 1 done\n');
  }
});

t.test('failures are red on a terminal, and plain where NO_COLOR is set', async (t) => {
  const before = { ...process.env };
  t.teardown(() => {
    process.env = before;
  });
  const painted = (env: NodeJS.ProcessEnv) => {
    process.env = env;
    const terminal = new FakeTerminal();
    using progress = new ProgressLines(terminal, {});
    progress.render(state(1, 2), 1_000);
    return terminal.written;
  };
  t.ok(painted({ TERM: 'xterm-256color' }).includes('\u001b[31m2 failed\u001b[39m'));
  const plain = painted({ TERM: 'xterm-256color', NO_COLOR: '1' });
  t.ok(plain.includes('2 failed') && !plain.includes('\u001b[31m'));
});

t.test('a line wider than the terminal is broken between words; a log has it whole', async (t) => {
  const text = '[1/9] trial 1 done: best validation accuracy 91.32 % at epoch 25, 0.14 s';
  const narrow = Object.assign(new FakeTerminal(), { columns: 40 });
  new ProgressLines(narrow, {}).line(text);
  t.equal(narrow.written, '[1/9] trial 1 done: best validation\n  accuracy 91.32 % at epoch 25, 0.14 s\n');
  const log = Object.assign(new FakeTerminal(), { isTTY: false, columns: 40 });
  new ProgressLines(log, {}).line(text);
  t.equal(log.written, `${text}\n`);
});
