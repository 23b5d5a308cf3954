/**
 * The rules of pruning by themselves, in order of arrival as Optuna applies them, against Optuna 5.0 on real curves.
 * coresweep's own order, that of numbers, is rungs-in-order.test.ts.
 */
import t from 'tap';
import { bracketSizes } from '../../src/prune/hyperband.ts';
import { judgeByPercentile, percentileOf, percentilePruner } from '../../src/prune/percentile.ts';
import { geometricRungs, smallestResource } from '../../src/prune/resources.ts';
import { insertSorted } from '../../src/prune/sorted.ts';
import { judgeByRank } from '../../src/prune/successive-halving.ts';
import { hyperbandTables, lossesOf, type PrunerCase, prunerCases } from './recorded.ts';

/** Whether trial `trial` is pruned after its step; `completed` are the trials that have run to their end by then. */
type Rule = (trial: number, step: number, completed: readonly number[]) => boolean;

function percentileRule({ args }: PrunerCase, losses: readonly (readonly number[])[]): Rule {
  const percentile = args['percentile'] ?? 50;
  const { rung } = percentilePruner({
    percentile,
    startupTrials: 0,
    warmupSteps: args['n_warmup_steps'] ?? 0,
    intervalSteps: args['interval_steps'] ?? 1,
  });
  const due = new Set(Array.from({ length: 100 }, (_, index) => rung(index)));
  return (trial, step, completed) => {
    if (completed.length < Math.max(1, args['n_startup_trials'] ?? 5) || !due.has(step)) return false;
    const others: number[] = [];
    for (const other of completed) {
      const loss = (losses[other] as number[])[step - 1] as number;
      if (!Number.isNaN(loss)) insertSorted(others, loss);
    }
    const own = (losses[trial] as number[]).slice(0, step).filter((loss) => !Number.isNaN(loss));
    const best = own.length === 0 ? Number.NaN : Math.min(...own);
    if (!Number.isNaN(best) && completed.length < (args['n_min_trials'] ?? 1)) return false;
    return judgeByPercentile(best, others, percentile) === 'prune';
  };
}

function halvingRule(
  losses: readonly (readonly number[])[],
  factor: number,
  settings: (completed: readonly number[]) => { min: number } | undefined,
  bracketOf: (trial: number) => number,
): Rule & { readonly recorded: number[][] } {
  /** By bracket and rung, all losses in ascending order. */
  const rungs = new Map<string, number[]>();
  const recorded = losses.map((): number[] => []);
  let fixed: { min: number } | undefined;
  const rule = (trial: number, step: number, completed: readonly number[]): boolean => {
    fixed ??= settings(completed);
    if (fixed === undefined) return false;
    const own = recorded[trial] as number[];
    const bracket = bracketOf(trial);
    const steps = geometricRungs(fixed.min, factor).slice(bracket);
    const loss = (losses[trial] as number[])[step - 1] as number;
    while (step >= (steps[own.length] as number)) {
      const name = `${bracket}/${own.length}`;
      const others = rungs.get(name) ?? [];
      rungs.set(name, others);
      const verdict = judgeByRank(loss, others, factor);
      if (Number.isNaN(loss)) return true;
      own.push(loss);
      insertSorted(others, loss);
      if (verdict === 'prune') return true;
    }
    return false;
  };
  return Object.assign(rule, { recorded });
}

function ruleOf(test: PrunerCase, losses: readonly (readonly number[])[]) {
  const { args, expect } = test;
  const steps = (losses[0] as number[]).length;
  switch (test.pruner) {
    case 'median':
    case 'percentile':
      return percentileRule(test, losses);
    case 'sha':
      return halvingRule(
        losses,
        args['reduction_factor'] ?? 4,
        (completed) => {
          if (args['min_resource'] !== undefined) return { min: args['min_resource'] };
          return completed.length === 0 ? undefined : { min: smallestResource(steps) };
        },
        () => 0,
      );
    case 'hyperband':
      return halvingRule(
        losses,
        args['reduction_factor'] ?? 3,
        (completed) =>
          args['max_resource'] === undefined && completed.length === 0
            ? undefined
            : { min: args['min_resource'] ?? 1 },
        (trial) => expect.bracket_of_trial?.[trial] as number,
      );
    default:
      return test.pruner satisfies never;
  }
}

/** Runs all curves, `workers` at once, each one report a turn; one that ends is replaced at the next turn. */
function arrivals(losses: readonly (readonly number[])[], workers: number, rule: Rule) {
  const lastStep = losses.map(() => 0);
  const pruned = losses.map(() => false);
  const order: number[] = [];
  const completed: number[] = [];
  let running: number[] = [];
  let next = 0;
  while (next < losses.length || running.length > 0) {
    while (running.length < workers && next < losses.length) running.push(next++);
    running = running.filter((trial) => {
      const step = (lastStep[trial] as number) + 1;
      lastStep[trial] = step;
      pruned[trial] = rule(trial, step, completed);
      const ended = pruned[trial] || step === (losses[trial] as number[]).length;
      if (ended) order.push(trial);
      if (ended && !pruned[trial]) completed.push(trial);
      return !ended;
    });
  }
  return { lastStep, pruned, order };
}

for (const test of prunerCases) {
  t.test(`Optuna 5.0 stops the same trials after the same steps: ${test.name}`, async (t) => {
    const losses = lossesOf(test.metric, test.nan_from_step);
    const rule = ruleOf(test, losses);
    const { lastStep, pruned, order } = arrivals(losses, test.workers, rule);
    t.same(lastStep, test.expect.last_step);
    t.same(pruned, test.expect.pruned);
    if (test.expect.finish_order !== null) t.same(order, test.expect.finish_order);
    if (test.expect.rungs !== undefined && 'recorded' in rule)
      t.same(
        rule.recorded,
        test.expect.rungs.map((rungs) => Object.values(rungs)),
        'the values at the rungs',
      );
    if (test.expect.bracket_budgets !== undefined)
      t.same(bracketSizes(1, 81, 3), test.expect.bracket_budgets);
  });
}

t.test("the brackets are those of Hyperband's Algorithm 1 in exact arithmetic", async (t) => {
  for (const { R, eta, brackets } of hyperbandTables) {
    const sizes = bracketSizes(1, R, eta);
    const steps = geometricRungs(1, eta, R + 1);
    const table = sizes.map((n, bracket) => ({
      n,
      rungs: steps.slice(bracket).map((step, rung) => [Math.floor(n / eta ** rung), `${step}`]),
    }));
    t.same(
      table,
      brackets.map(({ n, rungs }) => ({ n, rungs })),
      `R ${R}, factor ${eta}`,
    );
  }
});

t.test('no power of a factor loses a bracket, as its logarithm in floating point would', async (t) => {
  // C's log(243) / log(3) is 4.999..., which rounded down makes 5 brackets of 6.
  for (const factor of [2, 3, 4, 5, 7, 10])
    for (let power = 1; factor ** power < 2 ** 40; power++) {
      t.equal(bracketSizes(1, factor ** power, factor).length, power + 1, `${factor}^${power}`);
      t.equal(bracketSizes(1, factor ** power - 1, factor).length, power, `${factor}^${power} - 1`);
    }
});

t.test('a percentile between two numbers is linear, and that of nothing is none', async (t) => {
  // By hand: place 0.75 is 1 + 0.75 * (2 - 1), place 1.5 is 2 + 0.5 * (4 - 2), place 2.25 is 4 + 0.25 * (8 - 4).
  t.same(
    [0, 25, 50, 75, 100].map((percentile) => percentileOf([1, 2, 4, 8], percentile)),
    [1, 1.75, 3, 5, 8],
  );
  t.ok(Number.isNaN(percentileOf([], 50)));
});
