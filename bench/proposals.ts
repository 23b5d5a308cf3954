/**
 * How long a proposal takes, in CPU time, with so many finished trials before it; Optuna's beside it in the same run.
 * Not here: how good the proposed points are (search.ts).
 */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { randomStream } from '../src/random.ts';
import { gridSearch } from '../src/search/grid.ts';
import { historyOf } from '../src/search/history.ts';
import { randomSearch } from '../src/search/random.ts';
import type { Point, Searcher, SeenTrial } from '../src/search/searcher.ts';
import { sobolSearch } from '../src/search/sobol.ts';
import { tpe, tpeDefaults } from '../src/search/tpe.ts';
import { spaceOf } from '../src/space/definition.ts';
import { peersPython } from './peers.ts';
import { type Spread, spreadOf } from './process.ts';

/** Six parameters of every kind; bench/peers/optuna_asks.py has the same. */
const space = spaceOf({
  lr: { float: [1e-5, 1], scale: 'log' },
  dropout: { float: [0, 0.5] },
  units: { int: [16, 512], scale: 'log' },
  layers: { int: [1, 8] },
  batch: { int: [16, 256], step: 16 },
  activation: ['relu', 'tanh', 'gelu', 'sigmoid'],
});

export const samplers = ['tpe', 'random', 'sobol'] as const;
type Sampler = (typeof samplers)[number];

const searcherOf: Readonly<Record<Sampler, () => Searcher>> = {
  tpe: () => tpe(space, [{ goal: 'minimise' }], tpeDefaults),
  random: () => randomSearch(space),
  sobol: () => sobolSearch(space, 1),
};

/** A million points: as many as six parameters of ten values have. */
const millionth = spaceOf(
  Object.fromEntries(Array.from({ length: 6 }, (_, axis) => [`x${axis}`, { int: [1, 10] as const }])),
);

/** The engine compiles what has run often: the first proposals do not count. */
const warmUp = 30;

function timesOf(searcher: Searcher, history: ReturnType<typeof historyOf>, repeats: number): number[] {
  const times: number[] = [];
  for (let repeat = 0; repeat < warmUp + repeats; repeat++) {
    const random = randomStream(1, 'search', history.trials.length + 1, 0);
    const before = process.cpuUsage();
    const point = searcher.ask(history, random) as Point;
    const { user, system } = process.cpuUsage(before);
    if (repeat >= warmUp) times.push((user + system) / 1000);
    history.add(worth(point, repeat));
  }
  return times;
}

const worth = (point: Point, number: number): SeenTrial => ({
  ...point,
  state: 'done',
  result: { step: 1, values: [randomStream(2, 'search', number, 0).uniform()] },
});

/** Milliseconds a proposal after so many trials at random points. */
export function proposalMs(sampler: Sampler, trials: number, repeats: number): Spread {
  const points = randomSearch(space);
  const history = historyOf();
  for (let number = 1; number <= trials; number++)
    history.add(worth(points.ask(history, randomStream(3, 'search', number, 0)) as Point, number));
  return spreadOf(timesOf(searcherOf[sampler](), history, repeats));
}

/** Milliseconds a point of a grid of a million, that of the space itself among the first. */
export function gridMs(repeats: number): { readonly first: number; readonly others: Spread } {
  const before = process.cpuUsage();
  const grid = gridSearch(millionth, 1);
  grid.ask(historyOf(), randomStream(1, 'search', 1, 0));
  const { user, system } = process.cpuUsage(before);
  return { first: (user + system) / 1000, others: spreadOf(timesOf(grid, historyOf(), repeats)) };
}

/** The same in Optuna's hands. */
export function optunaMs(sampler: Sampler, trials: number, repeats: number): Spread {
  const line = [join(import.meta.dirname, 'peers/optuna_asks.py'), sampler, String(trials), String(repeats)];
  return spreadOf(JSON.parse(execFileSync(peersPython, line, { encoding: 'utf8' })) as number[]);
}
