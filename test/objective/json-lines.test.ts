import t from 'tap';
import { LineReader, readLine } from '../../src/objective/json-lines.ts';

const metrics = [{ name: 'loss', goal: 'minimise' }] as const;

function linesOf(parts: readonly (string | Buffer)[], most?: number) {
  const lines: [string, boolean][] = [];
  const reader = new LineReader((line, isWhole) => lines.push([line, isWhole]), most);
  for (const part of parts) reader.add(Buffer.from(part));
  reader.end();
  return lines;
}

t.test('lines are the same however the bytes are cut', async (t) => {
  const bytes = Buffer.from('one\n\nzwei äöü €\n😀 end');
  const whole = linesOf([bytes]);
  t.same(whole, [
    ['one', true],
    ['', true],
    ['zwei äöü €', true],
    ['😀 end', true],
  ]);
  for (let at = 0; at <= bytes.length; at++)
    t.same(linesOf([bytes.subarray(0, at), bytes.subarray(at)]), whole);
  t.same(linesOf([...bytes].map((byte) => Buffer.from([byte]))), whole);
});

t.test(
  'of a line that is too long the beginning is told once, and the next one is whole again',
  async (t) => {
    t.same(linesOf(['abc', 'def', 'ghi\nxyz\n'], 5), [
      ['abcde', false],
      ['xyz', true],
    ]);
    t.same(linesOf(['abcde\n'], 5), [['abcde', true]]);
  },
);

t.test('an object with a metric is a report', async (t) => {
  t.match(readLine('{"loss": 0.5, "step": 3, "other": "x"}', metrics), {
    kind: 'report',
    step: 3,
    given: { loss: 0.5 },
  });
  t.match(readLine('  {"loss": "x"}\r', metrics), { kind: 'report', step: undefined });
});

t.test("Python's NaN and Infinity are read, but not within texts", async (t) => {
  for (const value of ['NaN', 'Infinity', '-Infinity']) {
    const line = readLine(`{"note": "NaN \\" Infinity", "loss": ${value}}`, metrics);
    t.ok(line.kind === 'report' && !Number.isFinite((line.given as { loss: number }).loss), value);
    t.match(line, { given: { note: 'NaN " Infinity' } });
  }
});

t.test('a checkpoint and a model are bytes in base64, alone in their line', async (t) => {
  t.same(readLine('{"checkpoint": "AAEC"}', metrics), {
    kind: 'checkpoint',
    bytes: new Uint8Array([0, 1, 2]),
  });
  t.same(readLine('{"save": "AAEC"}', metrics), { kind: 'save', bytes: new Uint8Array([0, 1, 2]) });
});

t.test('all else is text', async (t) => {
  for (const line of [
    '',
    'loss: 1',
    '[1]',
    '1',
    'null',
    '{"other": 1}',
    '{"loss": }',
    '{',
    '{}',
    '{"checkpoint": 3}',
    '{"save": "AA", "x": 1}',
    '{"__proto__": {"loss": 1}}',
  ])
    t.same(readLine(line, metrics), { kind: 'text' }, line);
});
