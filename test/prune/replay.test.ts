import t from 'tap';
import { hyperband } from '../../src/prune/hyperband.ts';
import { type PruneSettings, prunerOf } from '../../src/prune/method.ts';
import type { Pruner } from '../../src/prune/pruner.ts';
import { type RecordedTrial, replay } from '../../src/prune/replay.ts';
import { successiveHalving } from '../../src/prune/successive-halving.ts';
import { lossesOf, type PrunerCase, prunerCases } from './recorded.ts';

/** Forty real trainings of 81 epochs, ranked by their lowest loss. */
function recorded(metric: 'loss' | 'acc', nanFrom?: PrunerCase['nan_from_step']): RecordedTrial[] {
  const losses = lossesOf(metric, nanFrom);
  const best = losses.map((curve) => Math.min(...curve.filter((loss) => !Number.isNaN(loss))));
  return losses.map((curve, at) => ({
    reports: curve.map((loss, index) => ({ step: index + 1, loss })),
    rank: 1 + best.filter((other) => other < (best[at] as number)).length,
  }));
}

const caseNamed = (name: string): PrunerCase => prunerCases.find((test) => test.name === name) as PrunerCase;
const pruner = (settings: PruneSettings): Pruner => prunerOf(settings, 81) as Pruner;

t.test('one trial after the other, successive halving stops the trials that Optuna 5.0 stops', async (t) => {
  for (const name of ['sha_1_3', 'sha_1_3_with_nan']) {
    const { expect, nan_from_step } = caseNamed(name);
    const halving = successiveHalving({ minResource: 1, reductionFactor: 3, startupTrials: 0 });
    const replayed = replay(recorded('loss', nan_from_step), halving);
    t.same(replayed.lastSteps, expect.last_step, name);
    t.equal(replayed.steps, expect.total_steps);
  }
});

t.test("in the brackets that Optuna chose, Hyperband stops the trials that Optuna's does", async (t) => {
  const { expect } = caseNamed('hyperband_1_81_3');
  // Past the last step too, as Optuna judges.
  const settings = { minResource: 1, maxResource: 243, reductionFactor: 3, startupTrials: 0 };
  const bracketOf = (number: number): number => expect.bracket_of_trial?.[number - 1] as number;
  t.same(replay(recorded('loss'), { ...hyperband(settings), bracketOf }).lastSteps, expect.last_step);
});

t.test('what each pruner saves on these curves, and which place the trial has that it crowns', async (t) => {
  const answers = (['median', 'asha', 'hyperband'] as const).map((method) => {
    const { pruned, steps, recordedSteps, crowned } = replay(recorded('acc'), pruner({ method }));
    return { method, pruned, steps, recordedSteps, crowned };
  });
  // Every trial has 81 steps, 3,240 in all. Successive halving saves most, and here it costs the first three places.
  t.same(answers, [
    { method: 'median', pruned: 24, steps: 1506, recordedSteps: 3240, crowned: 1 },
    { method: 'asha', pruned: 36, steps: 423, recordedSteps: 3240, crowned: 4 },
    { method: 'hyperband', pruned: 26, steps: 1308, recordedSteps: 3240, crowned: 1 },
  ]);
});

t.test('a pruner that stops the best trial crowns another, and says which', async (t) => {
  const trials = [
    {
      reports: [
        { step: 1, loss: 1 },
        { step: 2, loss: 0.9 },
      ],
      rank: 2,
    },
    {
      reports: [
        { step: 1, loss: 2 },
        { step: 2, loss: 0.1 },
      ],
      rank: 1,
    },
  ];
  const halving = successiveHalving({ minResource: 1, reductionFactor: 2, startupTrials: 0 });
  t.same(replay(trials, halving), { pruned: 1, steps: 3, recordedSteps: 4, crowned: 2, lastSteps: [2, 1] });
});

t.test('trials without a report or a place are no winners', async (t) => {
  const trials = [
    { reports: [], rank: undefined },
    { reports: [{ step: 1, loss: 1 }], rank: undefined },
  ];
  t.same(replay(trials, pruner({ method: 'median' })), {
    pruned: 0,
    steps: 1,
    recordedSteps: 1,
    crowned: undefined,
    lastSteps: [0, 1],
  });
});

t.test('a trial that ended before a rung holds up nobody there', async (t) => {
  const reports = (...losses: number[]) => losses.map((loss, at) => ({ step: at + 1, loss }));
  const trials = [
    { reports: reports(0.5), rank: undefined },
    { reports: reports(0.4, 0.1), rank: 1 },
    { reports: reports(0.3, 0.2, 0.2), rank: 2 },
  ];
  const halving = successiveHalving({ minResource: 2, reductionFactor: 2, startupTrials: 0 });
  t.same(replay(trials, halving).lastSteps, [1, 2, 2]);
});
