import t from 'tap';
import { hyperband } from '../../src/prune/hyperband.ts';
import { percentilePruner } from '../../src/prune/percentile.ts';
import type { Pruner } from '../../src/prune/pruner.ts';
import { rungsInOrder } from '../../src/prune/rungs-in-order.ts';
import { successiveHalving } from '../../src/prune/successive-halving.ts';
import { type Random, randomStream } from '../../src/random.ts';
import { lawful, type Search, searched } from './simulated-search.ts';

const chance = (round: number): Random => randomStream(13, 'search', round, 0);

function somePruner(random: Random, steps: number): Pruner | undefined {
  const minResource = 1 + random.below(3);
  const reductionFactor = 2 + random.below(3);
  const startupTrials = random.below(4);
  const halving = { minResource, reductionFactor, startupTrials };
  switch (random.below(5)) {
    case 0:
      return undefined;
    case 1:
      return percentilePruner({
        percentile: random.below(101),
        startupTrials,
        warmupSteps: random.below(5),
        intervalSteps: 1 + random.below(4),
        maxResource: random.below(2) === 0 ? undefined : steps,
      });
    case 2:
      return hyperband({ ...halving, maxResource: steps });
    default:
      return successiveHalving({ ...halving, maxResource: random.below(2) === 0 ? undefined : steps });
  }
}

function someSearch(round: number): Search {
  const random = chance(round);
  const steps = 1 + random.below(30);
  return {
    seed: round,
    trials: 10 + random.below(40),
    lag: 1 + random.below(random.below(2) === 0 ? 4 : 20),
    pruner: somePruner(random, steps),
    steps,
    blind: random.below(4) === 0,
  };
}

t.test('1, 2, 8 and 64 workers of any speed try and prune the same trials', async (t) => {
  let pruned = 0;
  for (let round = 0; round < 60; round++) {
    const search = someSearch(round);
    const law = lawful(search);
    pruned += law.filter(({ end }) => end === 'pruned').length;
    for (const workers of [1, 2, 8, 64])
      for (const pauses of [true, false]) {
        const { trials } = searched(search, { seed: round, workers, pauses, killed: 0 });
        if (JSON.stringify(trials) !== JSON.stringify(law))
          t.same(trials, law, `${round}: ${workers} workers`);
      }
  }
  t.ok(pruned > 200, `${pruned} trials were pruned`);
});

t.test('kills at any instant, and other numbers of workers after them, change nothing', async (t) => {
  let kills = 0;
  for (let round = 100; round < 150; round++) {
    const search = someSearch(round);
    const law = lawful(search);
    for (const workers of [2, 16]) {
      const pauses = round % 3 > 0;
      const life = searched(search, { seed: round, workers, pauses, killed: 0.05 });
      kills += life.kills;
      if (JSON.stringify(life.trials) !== JSON.stringify(law)) t.same(life.trials, law, `round ${round}`);
    }
  }
  t.ok(kills > 500, `${kills} kills`);
});

t.test('two runs at different speeds are the same search', async (t) => {
  const search = someSearch(7);
  const [one, other] = [1, 2].map((seed) => searched(search, { seed, workers: 8, pauses: true, killed: 0 }));
  t.same(one?.trials, other?.trials);
  t.not(one?.time, other?.time, 'they did not take the same time');
});

const halving = (startupTrials = 0): Pruner =>
  successiveHalving({ minResource: 1, reductionFactor: 2, startupTrials });

t.test('a trial waits at a rung until each lower one has come there or ended', async (t) => {
  const rungs = rungsInOrder(halving());
  t.same(rungs.report(3, 1, 0.3), []);
  t.equal(rungs.waitsAt(3), 1);
  t.same(rungs.report(1, 1, 0.5), [{ number: 1, rung: 0, verdict: 'go on' }], 'the lowest never waits');
  t.same(rungs.ended(2), [{ number: 3, rung: 0, verdict: 'go on' }], 'an ended trial holds up nobody');
  t.equal(rungs.waitsAt(3), undefined);
  t.equal(rungs.nextStep(3), 2);
});

t.test(
  'one report can free many, in order of rung and number, and pruned ones hold up no rung',
  async (t) => {
    const rungs = rungsInOrder(halving());
    rungs.report(2, 1, 0.9);
    rungs.report(3, 2, 0.1);
    t.same(rungs.report(1, 2, 0.5), [
      { number: 1, rung: 0, verdict: 'go on' },
      { number: 2, rung: 0, verdict: 'prune' },
      { number: 3, rung: 0, verdict: 'go on' },
      { number: 1, rung: 1, verdict: 'go on' },
      { number: 3, rung: 1, verdict: 'go on' },
    ]);
    t.same(rungs.report(2, 2, 0.0), [], 'one that was pruned may still speak, and is not heard');
  },
);

t.test(
  'a trial that was pruned at a rung is not among those of the rungs above that its report reached',
  async (t) => {
    const rungs = rungsInOrder(halving());
    rungs.report(1, 4, 0.5);
    t.same(rungs.report(2, 4, 0.6), [{ number: 2, rung: 0, verdict: 'prune' }]);
    // Of three at rung 0, one goes on: the best. At rung 1 there is trial 1 alone before it.
    t.same(rungs.report(3, 2, 0.4), [
      { number: 3, rung: 0, verdict: 'go on' },
      { number: 3, rung: 1, verdict: 'go on' },
    ]);
  },
);

t.test('of a trial that has ended nothing is told, though it is compared with', async (t) => {
  const rungs = rungsInOrder(halving());
  rungs.report(2, 1, 0.5);
  rungs.ended(2);
  t.same(rungs.report(1, 1, 0.4), [{ number: 1, rung: 0, verdict: 'go on' }]);
  t.same(rungs.report(3, 1, 0.45), [{ number: 3, rung: 0, verdict: 'prune' }]);
});

t.test('a report that is no number is pruned, and is nobody to be compared with', async (t) => {
  const rungs = rungsInOrder(halving());
  t.same(rungs.report(1, 1, Number.NaN), [{ number: 1, rung: 0, verdict: 'prune' }]);
  t.same(rungs.report(2, 1, 9), [{ number: 2, rung: 0, verdict: 'go on' }]);
});

t.test('verdicts of 10,000 trials cost no quadratic time', async (t) => {
  const losses = (trials: number): number => {
    let looks = 0;
    const pruner: Pruner = {
      ...halving(),
      judge(_, lower) {
        looks++;
        return lower.length % 2 === 0 ? 'go on' : 'prune';
      },
    };
    const rungs = rungsInOrder(pruner);
    const random = chance(1);
    for (let number = 1; number <= trials; number++) {
      let waits = false;
      for (let step = 1; step <= 16 && !waits; step *= 2) {
        const judged = rungs.report(number, step, random.uniform());
        waits = judged.some(({ verdict }) => verdict === 'prune');
      }
      rungs.ended(number);
    }
    return looks;
  };
  t.ok(losses(10_000) < 11 * losses(1_000), 'ten times as many trials are judged about ten times as often');
});
