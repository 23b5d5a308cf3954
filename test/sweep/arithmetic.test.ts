import t from 'tap';
import type { Kernels } from '../../src/kernel/kernels.ts';
import { hashOfPieces, piecesOf, type TrainingFacts } from '../../src/sweep/arithmetic.ts';
import { outputs, type Piece } from '../../src/sweep/pinned-arithmetic.ts';
import { plainDescent } from '../../src/train/optimizer.ts';
import type { TrainingPlan } from '../../src/train/train.ts';
import { type KernelsOn, onSimd } from '../train/in-process.ts';
import { battery, features, trainingKinds, trainOnce } from './battery.ts';

/** What databases of the first stage hold: the SHA-256 of its mlp.wasm. */
const firstStage = '568586522651d0869c63f58dd101149ca690b8f22222575409d3909e8b17e689';

const usual: Omit<TrainingFacts, 'form' | 'depth' | 'penalty'> = {
  ...{ activation: 'sigmoid', output: 'sigmoid', initialWeights: 'xavier-uniform' },
  ...{ optimizer: plainDescent, schedule: { kind: 'constant' }, warmup: 0, dropout: 0 },
};
const piecesOfKind = (kind: (typeof trainingKinds)[number]) => piecesOf({ ...usual, ...kind });

t.test('the kernels, trainings and starting weights of this machine give the pinned outputs', async (t) => {
  t.same(battery(), outputs);
});

t.test('every training has the hash that the first stage recorded', async (t) => {
  for (const kind of trainingKinds)
    t.equal(hashOfPieces(piecesOfKind(kind)), firstStage, Object.values(kind).join(', '));
});

t.test('the pieces of a training are the kernels that it calls', async (t) => {
  // One of either form and depth: the features go through no others.
  const someKinds = [trainingKinds[4], trainingKinds[8]] as (typeof trainingKinds)[number][];
  const withFeatures = Object.values(features).flatMap((settings) =>
    someKinds.map((kind) => ({ ...usual, ...kind, ...settings })),
  );
  for (const facts of [...trainingKinds.map((kind) => ({ ...usual, ...kind })), ...withFeatures]) {
    const { form, depth, penalty, initialWeights: _, ...settings } = facts;
    const called = new Set<string>();
    const watching: KernelsOn = (memory) => {
      const kernels = onSimd(memory);
      const watched = Object.entries(kernels).map(([name, kernel]) => [
        name,
        (...given: never[]) => {
          called.add(name);
          return (kernel as (...given: never[]) => unknown)(...given);
        },
      ]);
      return Object.fromEntries(watched) as Kernels;
    };
    trainOnce({ form, depth, penalty }, watching, settings as Partial<TrainingPlan>);
    const kernels = piecesOf(facts).filter((piece) => /^\w+$/.test(piece));
    t.same(kernels.toSorted(), [...called].sort(), JSON.stringify(facts));
  }
});

t.test(
  'a kernel with other outputs makes other hashes for the trainings that use it, and for no others',
  async (t) => {
    const changed = { ...outputs, decayL1: 'other bits' };
    const hashOf = (kind: (typeof trainingKinds)[number]) => hashOfPieces(piecesOfKind(kind), changed);
    for (const kind of trainingKinds) {
      if (kind.penalty === 'l1') t.match(hashOf(kind), /^(?!568586)[0-9a-f]{64}$/);
      else t.equal(hashOf(kind), firstStage);
    }
    const l1 = trainingKinds.filter(({ penalty }) => penalty === 'l1');
    t.equal(new Set(l1.map(hashOf)).size, l1.length, 'the hash is of the pieces that are used');
  },
);

t.test('each setting that the first stage did not have makes another hash', async (t) => {
  const changes = [
    ...Object.values(features),
    { initialWeights: 'he-uniform' },
    { initialWeights: 'he-normal' },
  ];
  const kind = { form: 'sparse', depth: 'hidden layers', penalty: 'none' } as const;
  const hashes = changes.map((change) =>
    hashOfPieces(piecesOf({ ...usual, ...kind, ...(change as object) })),
  );
  t.equal(new Set([firstStage, ...hashes]).size, changes.length + 1);
});

t.test('a kernel that is new changes no hash of trainings that do without it', async (t) => {
  const grown = { ...outputs, elu: 'new' } as Record<Piece, string>;
  for (const kind of trainingKinds) t.equal(hashOfPieces(piecesOfKind(kind), grown), firstStage);
});
