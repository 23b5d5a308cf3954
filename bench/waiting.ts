/**
 * What it costs in time that the same points are tried and pruned with any number of workers: trials wait for lower numbers, at rungs
 * and before they are proposed. Beside it the same trials with the same durations where nobody waits: whoever comes first is judged
 * by who is there, and a free worker begins the next trial at once (what others call ASHA and asynchronous TPE).
 * Simulated, so that it holds for more workers than there are cores; beginning, pausing and going on take no time.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runSweep } from '../src/index.ts';
import type { Pruner } from '../src/prune/pruner.ts';
import { rungsInOrder } from '../src/prune/rungs-in-order.ts';
import { insertSorted } from '../src/prune/sorted.ts';
import { successiveHalving } from '../src/prune/successive-halving.ts';
import { type Course, followSight } from '../src/search/sight.ts';
import { type Life, livesOf, msPerSecond, realSeed, steps } from './lives.ts';

const halving: Pruner = successiveHalving({
  ...{ minResource: 1, maxResource: steps, reductionFactor: 3, startupTrials: 0 },
});

export interface Way {
  readonly name: string;
  readonly pruner: Pruner | undefined;
  /** Undefined for searches that look at no results. */
  readonly lag: number | undefined;
  /** Whether a trial that waits at a rung frees its worker, as networks do; a function waits where it is. */
  readonly pauses: boolean;
}

export const ways: readonly Way[] = [
  { name: 'asha, networks', pruner: halving, lag: undefined, pauses: true },
  { name: 'asha, functions', pruner: halving, lag: undefined, pauses: false },
  { name: 'tpe, lag 16', pruner: undefined, lag: 16, pauses: true },
  { name: 'tpe, lag 64', pruner: undefined, lag: 64, pauses: true },
  { name: 'tpe, lag 16, asha', pruner: halving, lag: 16, pauses: true },
  { name: 'tpe, lag 64, asha', pruner: halving, lag: 64, pauses: true },
];

interface Live {
  readonly life: Life;
  readonly reports: { readonly step: number; readonly values: readonly number[] }[];
  end: Course['end'];
}

export interface Spent {
  readonly seconds: number;
  readonly steps: number;
}

/** Runs a search on so many workers: in order of number, or as they come. */
export function spent(lives: readonly Life[], way: Way, workers: number, isInOrder: boolean): Spent {
  const { pruner, lag, pauses } = way;
  const trials: Live[] = [];
  const rungs = isInOrder && pruner ? rungsInOrder(pruner) : undefined;
  const courseOf = (number: number): Course => trials[number - 1] ?? { reports: [] };
  const rung = (index: number) => pruner?.rung(index);
  const sight =
    isInOrder && lag !== undefined
      ? followSight({ lag, growth: pruner?.growth ?? 1, rung }, courseOf, () => {})
      : undefined;
  /** By rung, of those who came there so far, ascending. */
  const there: number[][] = [];
  /** Numbers on workers, with the time of their next report. */
  const running = new Map<number, number>();
  let now = 0;
  const waits = (number: number) => rungs?.waitsAt(number) !== undefined;
  const isOpen = (number: number) => trials[number - 1]?.end === undefined;

  /** A trial on a worker reports once more, after its next step. */
  function goOn(number: number): void {
    const { life, reports } = trials[number - 1] as Live;
    running.set(number, now + (life.seconds[reports.length] as number));
  }

  function employ(): void {
    while (running.size < workers) {
      const paused = trials.findIndex((_, at) => isOpen(at + 1) && !running.has(at + 1) && !waits(at + 1));
      if (paused >= 0) {
        goOn(paused + 1);
        continue;
      }
      const life = lives[trials.length];
      if (life === undefined || sight?.opens(trials.length + 1) === false) return;
      trials.push({ life, reports: [], end: undefined });
      goOn(trials.length);
    }
  }

  function end(number: number, how: 'done' | 'pruned'): void {
    (trials[number - 1] as Live).end = how;
    running.delete(number);
    if (how === 'done') hear(rungs?.ended(number) ?? []);
  }

  function hear(judgements: ReturnType<NonNullable<typeof rungs>['report']>): void {
    for (const { number, verdict } of judgements) {
      if (verdict === 'prune') end(number, 'pruned');
      else if (running.has(number) && !waits(number)) goOn(number);
    }
  }

  /** Whether a trial is out by those who came to its rung before it. */
  function isOut(step: number, loss: number): boolean {
    let index = 0;
    for (let due = rung(0); due !== undefined && due < step; due = rung(index)) index++;
    if (rung(index) !== step || pruner === undefined) return false;
    const others = there[index] ?? [];
    there[index] = others;
    const verdict = pruner.judge({ loss, best: loss }, others);
    insertSorted(others, loss);
    return verdict === 'prune';
  }

  for (employ(); running.size > 0; employ()) {
    const [number, at] = [...running]
      .filter(([number]) => !waits(number))
      .reduce((first, event) => (event[1] < first[1] ? event : first));
    now = at;
    const trial = trials[number - 1] as Live;
    const step = trial.reports.length + 1;
    const loss = trial.life.losses[step - 1] as number;
    trial.reports.push({ step, values: [loss] });
    if (!isInOrder && isOut(step, loss)) end(number, 'pruned');
    else if (step === steps) end(number, 'done');
    else {
      const before = waits(number);
      hear(rungs?.report(number, step, loss) ?? []);
      if (waits(number) && !before) {
        if (pauses) running.delete(number);
      } else if (isOpen(number)) goOn(number);
    }
  }
  return { seconds: now, steps: trials.reduce((sum, { reports }) => sum + reports.length, 0) };
}

/** Seconds of a real run of such functions, of which each second is so short; and those of a simulated one where nobody waits. */
export async function realSeconds(
  trials: number,
  threads: number,
  isPruned: boolean,
): Promise<{ readonly real: number; readonly simulated: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'coresweep-bench-'));
  let [begun, ended] = [0, 0];
  try {
    const definition = {
      name: 'waiting',
      space: { number: { int: [1, trials] as [number, number] } },
      metrics: { loss: 'minimise' as const },
      search: { method: 'grid' as const },
      objective: './waiting-objective.ts',
      ...(isPruned && { prune: { method: 'asha' as const, maxResource: steps, reductionFactor: 3 } }),
    };
    await runSweep(definition, {
      ...{
        database: join(folder, 'results.db'),
        baseFolder: import.meta.dirname,
        threads,
        maxTrials: trials,
      },
      onEvent: ({ kind }) => {
        if (kind === 'trial started' && begun === 0) begun = performance.now();
        if (kind === 'trial finished') ended = performance.now();
      },
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const way: Way = { name: '', pruner: isPruned ? halving : undefined, lag: undefined, pauses: false };
  const { seconds } = spent(livesOf(realSeed, trials), way, threads, false);
  return { real: (ended - begun) / 1000, simulated: (seconds * msPerSecond) / 1000 };
}
