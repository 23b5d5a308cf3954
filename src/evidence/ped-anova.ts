/**
 * PED-ANOVA: how differently the best trials choose a parameter from all trials.
 * Watanabe, Bansal and Hutter, PED-ANOVA, IJCAI 2023; for parameters that apply only sometimes condPED-ANOVA
 * (arXiv 2601.20800), Theorem 4.2: the trials where it applies are compared with each other alone.
 * It is quick and says what mattered for being among the best; where few trials are, it can rank an irrelevant parameter
 * first, so it is not the importance that is shown by default (fanova.ts is).
 */
import { exp } from '../exact/exp.ts';
import { log } from '../exact/log.ts';
import { normalCdf } from '../exact/normal.ts';
import { type Column, isConstant } from './column.ts';

export interface PedAnovaOptions {
  /** Which part of the trials are "the best". */
  readonly quantile?: number;
  /** Compared with what was tried, or with a uniform choice from the space. */
  readonly baseline?: 'tried' | 'space';
}

/** A continuous range is looked at in so many cells. */
const mostCells = 50;

/** The importance of each column, not normalised. @param losses finite, a trial each, in the order of the columns */
export function pedAnova(
  columns: readonly Column[],
  losses: readonly number[],
  { quantile = 0.1, baseline = 'tried' }: PedAnovaOptions = {},
): number[] {
  const sorted = losses.toSorted((a, b) => a - b);
  const cut = sorted[Math.max(0, Math.ceil(quantile * losses.length) - 1)] as number;
  const isBest = losses.map((loss) => loss <= cut);
  const best = isBest.filter(Boolean).length;
  return columns.map((column) => {
    const cells = cellsOf(column);
    const all = cells.flatMap((cell) => (cell === undefined ? [] : [cell]));
    const top = cells.flatMap((cell, trial) => (cell === undefined || !isBest[trial] ? [] : [cell]));
    if (isConstant(column) || all.length < 2) return 0;
    const count = cellCount(column);
    const topDensity = densityOf(column, count, top);
    const baseDensity =
      baseline === 'tried' ? densityOf(column, count, all) : new Array<number>(count).fill(1 / count - tiny);
    const ofTop = top.length / best;
    const ofAll = all.length / losses.length;
    const ofBest = best / losses.length;
    return ((ofBest * ofBest * ofTop * ofTop) / ofAll) * divergence(topDensity, baseDensity);
  });
}

const tiny = 1e-12;

/** Pearson's divergence. */
function divergence(top: readonly number[], base: readonly number[]): number {
  return top.reduce((sum, density, cell) => {
    const usual = (base[cell] as number) + tiny;
    const excess = (density + tiny) / usual - 1;
    return sum + usual * excess * excess;
  }, 0);
}

function cellCount(column: Column): number {
  if (column.kind === 'choice') return column.count;
  const { low, high, scale, count, isWhole } = column;
  // Whole numbers on a log scale: a cell for each doubling.
  const doublings = scale === 'log' && isWhole ? 1 + Math.ceil(log(high - low + 1) / log(2)) : count;
  return Math.min(doublings, mostCells);
}

/** The cell of each trial; undefined where the parameter does not apply. */
function cellsOf(column: Column): (number | undefined)[] {
  if (column.kind === 'choice')
    return column.values.map((value) => (Number.isNaN(value) ? undefined : value));
  const last = cellCount(column) - 1;
  const scaled = column.scale === 'log' ? log : (value: number): number => value;
  const low = scaled(column.low);
  const width = (scaled(column.high) - low) / last;
  return column.values.map((value) =>
    Number.isNaN(value) ? undefined : Math.ceil((scaled(value) - low) / width - 0.5),
  );
}

/** How likely each cell is, after a kernel for each trial and one that knows nothing. */
function densityOf({ kind }: Column, count: number, cells: readonly number[]): number[] {
  const counts = new Array<number>(count).fill(0);
  for (const cell of cells) counts[cell] = (counts[cell] as number) + 1;
  const kernels = kind === 'choice' ? choiceKernels(counts) : normalKernels(counts, cells);
  return counts.map((_, cell) => {
    const sum = kernels.reduce((total, { weight, mass }) => total + weight * mass(cell), 0);
    return sum / (cells.length + 1);
  });
}

interface Kernel {
  readonly weight: number;
  mass(cell: number): number;
}

function choiceKernels(counts: readonly number[]): Kernel[] {
  const tried = counts.filter((count) => count > 0).length;
  const prior = 1 / (tried + 1);
  const whole = 1 + counts.length * prior;
  const kernels = counts.flatMap((weight, choice): Kernel[] =>
    weight === 0 ? [] : [{ weight, mass: (cell) => (prior + (cell === choice ? 1 : 0)) / whole }],
  );
  return [...kernels, { weight: 1, mass: () => 1 / counts.length }];
}

/** Normal kernels, cut off at the ends of the range; their width is Scott's rule, from the trials' spread. */
function normalKernels(counts: readonly number[], cells: readonly number[]): Kernel[] {
  const sigma = Math.max(scott(cells), 0.5 / 1.64);
  const normal = (weight: number, mean: number, width: number): Kernel => {
    const below = (x: number): number => normalCdf((x - mean) / width);
    const whole = below(counts.length - 0.5) - below(-0.5);
    return { weight, mass: (cell) => (below(cell + 0.5) - below(cell - 0.5)) / whole };
  };
  const kernels = counts.flatMap((weight, cell) => (weight === 0 ? [] : [normal(weight, cell, sigma)]));
  return [...kernels, normal(1, (counts.length - 1) / 2, counts.length)];
}

function scott(cells: readonly number[]): number {
  const sorted = cells.toSorted((a, b) => a - b);
  const { length } = sorted;
  const mean = sorted.reduce((sum, cell) => sum + cell, 0) / length;
  const square = sorted.reduce((sum, cell) => sum + (cell - mean) * (cell - mean), 0);
  const deviation = Math.sqrt(square / Math.max(1, length - 1));
  // The cells where the counts from below reach a quarter, and pass three quarters.
  const quarter = sorted[Math.max(0, Math.floor(length / 4) - 1)] as number;
  const third = sorted[Math.floor((length * 3) / 4)] as number;
  return 1.059 * Math.min((third - quarter) / 1.34, deviation) * fifthRootOfReciprocal(length);
}

/** n^-0.2, from exact operations: engines round powers as they like. */
const fifthRootOfReciprocal = (n: number): number => exp(-0.2 * log(n));
