/**
 * Learning curves of 40 real trainings, and which of them Optuna 5.0's pruners stop after which step.
 * Made with Optuna 5.0.0 and scikit-learn 1.9.1; nothing in these files was made by coresweep. null stands for NaN.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const fixture = (name: string): unknown =>
  JSON.parse(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'search', name), 'utf8'));

export interface RecordedCurve {
  readonly id: number;
  readonly loss: readonly (number | null)[];
  readonly acc: readonly (number | null)[];
}

export interface PrunerCase {
  readonly name: string;
  readonly pruner: 'median' | 'percentile' | 'sha' | 'hyperband';
  readonly args: Readonly<Record<string, number>>;
  readonly metric: 'loss' | 'acc';
  readonly direction: 'minimize' | 'maximize';
  readonly workers: number;
  readonly nan_from_step?: Readonly<Record<string, number>>;
  readonly expect: {
    readonly last_step: readonly number[];
    readonly pruned: readonly boolean[];
    readonly total_steps: number;
    readonly finish_order: readonly number[] | null;
    readonly rungs?: readonly Readonly<Record<string, number>>[];
    readonly bracket_budgets?: readonly number[];
    readonly bracket_of_trial?: readonly number[];
  };
}

export interface HyperbandTable {
  readonly R: number;
  readonly eta: number;
  readonly brackets: readonly { readonly n: number; readonly rungs: readonly [number, string][] }[];
}

export const curves = (fixture('curves.json') as { curves: RecordedCurve[] }).curves;
export const prunerCases = (fixture('pruners.json') as { cases: PrunerCase[] }).cases;
export const hyperbandTables = (fixture('hyperband_table.json') as { tables: HyperbandTable[] }).tables;

/** The curves as losses, the lower the better; NaN where there is no value. */
export const lossesOf = (
  metric: 'loss' | 'acc',
  nanFrom: Readonly<Record<string, number>> = {},
): readonly (readonly number[])[] =>
  curves.map((curve, index) =>
    curve[metric].map((value, at) => {
      if (value === null || at + 1 >= (nanFrom[index] ?? Number.POSITIVE_INFINITY)) return Number.NaN;
      return metric === 'acc' ? -value : value;
    }),
  );
