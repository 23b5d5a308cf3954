/**
 * Functional ANOVA: how much of what a random forest has learnt of the losses each parameter explains alone.
 * Hutter, Hoos and Leyton-Brown, An Efficient Approach for Assessing Hyperparameter Importance, ICML 2014, Algorithm 2.
 * Not here: which parameters act only together; what is missing from the whole is theirs.
 */
import { log } from '../exact/log.ts';
import { randomStream } from '../random.ts';
import { type Column, isConstant } from './column.ts';
import { growTree, type Leaf, type Side } from './forest.ts';

export interface FanovaOptions {
  readonly trees?: number;
  readonly seed?: number;
  /** Whether a parameter with a log scale counts by its logarithm, as it is searched, or by its bare value. */
  readonly scale?: 'searched' | 'bare';
}

/**
 * The share of each column among all that single columns explain; a column that does not apply to every trial, or has one
 * value only, has none. @param losses finite, a trial each, in the order of the columns
 */
export function fanova(
  columns: readonly Column[],
  losses: readonly number[],
  options: FanovaOptions = {},
): number[] {
  const { trees = 64, seed = 0, scale = 'searched' } = options;
  const counted = columns.filter((column) => !isConstant(column) && !column.values.some(Number.isNaN));
  const scaled = counted.map((column) => (scale === 'searched' ? inItsScale(column) : column));
  const sums = counted.map(() => 0);
  for (let tree = 0; tree < trees; tree++) {
    const leaves = growTree(scaled, losses, randomStream(seed, 'importance', tree, 0));
    const weights = leaves.map(({ box }) =>
      box.map((side, column) => shareOf(side, scaled[column] as Column)),
    );
    const whole = weights.map((sides) => product(sides));
    const total = varianceOf(
      leaves.map(({ value }) => value),
      whole,
    );
    if (total === 0) continue;
    for (const index of counted.keys())
      sums[index] = (sums[index] as number) + marginalVariance(leaves, weights, index) / total;
  }
  const all = sums.reduce((sum, one) => sum + one, 0);
  return columns.map((column) => {
    const index = counted.indexOf(column);
    return index < 0 || all === 0 ? 0 : (sums[index] as number) / all;
  });
}

function inItsScale(column: Column): Column {
  if (column.kind === 'choice' || column.scale === 'linear') return column;
  const { low, high, values } = column;
  return { ...column, low: log(low), high: log(high), values: values.map(log) };
}

/** How much of a column a side has. */
function shareOf(side: Side, column: Column): number {
  if (side.kind === 'choice') return side.choices.length / column.count;
  return column.kind === 'number' ? (side.high - side.low) / (column.high - column.low) : 0;
}

const product = (factors: readonly number[]): number => factors.reduce((all, factor) => all * factor, 1);

function varianceOf(values: readonly number[], weights: readonly number[]): number {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const mean = values.reduce((sum, value, index) => sum + value * (weights[index] as number), 0) / whole;
  return (
    values.reduce(
      (sum, value, index) => sum + (value - mean) * (value - mean) * (weights[index] as number),
      0,
    ) / whole
  );
}

/**
 * The variance of a tree's answer as a function of one column, averaged over all others. That function has steps where the
 * tree splits the column: each leaf adds its part where its range begins and takes it away where that ends.
 */
function marginalVariance(
  leaves: readonly Leaf[],
  weights: readonly (readonly number[])[],
  column: number,
): number {
  const steps = new Map<number, number>();
  for (const [index, { box, value }] of leaves.entries()) {
    const part = value * product((weights[index] as number[]).toSpliced(column, 1));
    for (const [low, high] of rangesOf(box[column] as Side)) {
      steps.set(low, (steps.get(low) ?? 0) + part);
      steps.set(high, (steps.get(high) ?? 0) - part);
    }
  }
  const borders = [...steps.keys()].sort((a, b) => a - b);
  let height = 0;
  const heights = borders.slice(0, -1).map((border) => {
    height += steps.get(border) as number;
    return height;
  });
  return varianceOf(
    heights,
    heights.map((_, index) => (borders[index + 1] as number) - (borders[index] as number)),
  );
}

/** A choice is as wide as any other. */
const rangesOf = (side: Side): readonly (readonly [number, number])[] =>
  side.kind === 'choice' ? side.choices.map((choice) => [choice, choice + 1]) : [[side.low, side.high]];
