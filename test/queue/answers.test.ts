import { hash } from 'node:crypto';
import t from 'tap';
import {
  packAnswer,
  packCheckpoint,
  packStart,
  unpackAnswer,
  unpackCheckpoint,
  unpackStart,
} from '../../src/queue/answers.ts';
import { pack, packReports, unpack } from '../../src/queue/packing.ts';
import type { TrialOutcome } from '../../src/trial.ts';
import { chance } from '../fixtures/chance.ts';
import { weights } from '../store/example.ts';

const reports = [
  { step: 1, values: [0.1, -0] },
  { step: 5, values: [1e-320, 2] },
];
const [best, last] = reports as [(typeof reports)[0], (typeof reports)[0]];
const bytes = Uint8Array.from([1, 2, 3]);
const artifact = { kind: 'bytes', name: 'model', bytes, sha256: hash('sha256', bytes) } as const;
const checkpoint = { step: 5, reports, bytes };
const spent = { spans: [{ thread: 0, from: 1, to: 2 }], seconds: 1 };
const result = { reports, best, last, artifacts: [artifact], ...spent };

/** A network with the rows that it gets right, and one without: the lengths tell them apart. */
const networks = [
  { kind: 'network', name: 'best', weights: weights([3, 2, 1], (at) => at / 7), correct: Uint8Array.of(5) },
  { kind: 'network', name: 'last', weights: weights([3, 2, 1], (at) => -at / 9) },
] as const;

const outcomes: readonly TrialOutcome[] = [
  { state: 'done', result },
  { state: 'pruned', result: { ...result, artifacts: [] } },
  { state: 'done', result: { ...result, artifacts: networks } },
  { state: 'diverged', step: 6, reports, seconds: 1 },
  { state: 'failed', code: 'ERR_TRIAL_THREW', reason: 'planted ☃', reports, seconds: 1 },
  { state: 'stopped', checkpoint, seconds: 1 },
  { state: 'stopped', checkpoint: undefined, seconds: 1 },
];

t.test('an answer comes back as it was, to the last bit', async (t) => {
  for (const outcome of outcomes) {
    const back = unpackAnswer(packAnswer(outcome), 2, spent);
    t.strictSame(back, outcome, outcome.state);
    if (back?.state === 'done') t.ok(Object.is(back.result.reports[0]?.values[1], -0));
  }
});

t.test('equal answers have equal bytes, whenever and wherever they were computed', async (t) => {
  const slow = { ...result, spans: [], seconds: 100 };
  t.same(packAnswer({ state: 'done', result: slow }), packAnswer({ state: 'done', result }));
});

t.test('a checkpoint and a start come back as they were', async (t) => {
  t.same(unpackCheckpoint(packCheckpoint(checkpoint), 2), checkpoint);
  const starts = [
    { from: 'checkpoint', checkpoint },
    { from: 'artifact', artifact },
    ...networks.map((network) => ({ from: 'artifact', artifact: network }) as const),
  ] as const;
  for (const start of starts) t.same(unpackStart(start.from, packStart(start) as Uint8Array, 2), start);
  t.equal(packStart({ from: 'nothing' }), undefined);
});

t.test(
  'bytes that are cut, scribbled over or of other metrics are no answer, and nothing is thrown',
  async (t) => {
    const random = chance(1);
    for (const outcome of outcomes) {
      const whole = packAnswer(outcome);
      for (let length = 0; length < whole.length; length++)
        t.equal(unpackAnswer(whole.subarray(0, length), 2, spent), undefined);
      for (let round = 0; round < 300; round++) {
        const scribbled = Uint8Array.from(whole);
        scribbled[Math.floor(random() * whole.length)] = Math.floor(random() * 256);
        unpackAnswer(scribbled, 2, spent);
      }
    }
    for (const outcome of outcomes.slice(0, 4))
      t.equal(unpackAnswer(packAnswer(outcome), 1, spent), undefined);
  },
);

t.test('a head that lies about its parts is refused', async (t) => {
  const head = { state: 'done', best, last, artifacts: [{ kind: 'bytes', name: 'model' }] };
  const answerOf = (...parts: readonly Uint8Array[]) =>
    unpackAnswer(pack(head, [packReports(reports), ...parts]), 2, spent);
  t.match(answerOf(bytes), { state: 'done' });
  t.equal(answerOf(), undefined);
  t.equal(answerOf(bytes, bytes), undefined);
  t.same(unpack(pack({ a: 1 }, [bytes]))?.head, { a: 1 });
  for (const parts of [[4], [-1, 4], [2], [3, 1e300], 'text', [1.5, 1.5]]) {
    const text = Buffer.from(JSON.stringify({ parts }));
    const length = Buffer.alloc(4);
    length.writeUInt32LE(text.length);
    t.equal(unpack(Buffer.concat([length, text, bytes])), undefined, JSON.stringify(parts));
  }
});

t.test('steps that do not ascend and values that are not finite are no reports', async (t) => {
  for (const [step, value] of [
    [1, 0],
    [6, Number.NaN],
    [6.5, 0],
  ] as const) {
    const wrong = [...reports, { step, values: [value, 0] }];
    t.equal(
      unpackAnswer(packAnswer({ state: 'diverged', step: 7, reports: wrong, seconds: 1 }), 2, spent),
      undefined,
    );
  }
});

t.test('a best report of other metrics, and weights of which some are missing, are refused', async (t) => {
  const counted = reports.map(({ step }) => ({ step, values: [1, 2] }));
  const answerOf = (best: object, artifacts: readonly object[], parts: readonly Uint8Array[]) =>
    unpackAnswer(
      pack({ state: 'done', best, last: counted[1], artifacts }, [packReports(counted), ...parts]),
      2,
      spent,
    );
  t.match(answerOf({ step: 1, values: [1, 2] }, [], []), { state: 'done' });
  t.equal(answerOf({ step: 1, values: [1] }, [], []), undefined);
  const network = { kind: 'network', name: 'best', sizes: [1, 2], weights: 16, isMeasured: false };
  t.match(answerOf({ step: 1, values: [1, 2] }, [network], [new Uint8Array(16)]), { state: 'done' });
  t.equal(answerOf({ step: 1, values: [1, 2] }, [network], [new Uint8Array(12)]), undefined);
});
