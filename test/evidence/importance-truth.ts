/**
 * Studies with the importances that Optuna 5.0 gives their parameters, and the exact shares where these are known.
 * Made with Optuna 5.0.0 and scikit-learn 1.9.1; nothing in the file was made by coresweep.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Column } from '../../src/evidence/column.ts';

interface Described {
  readonly name: string;
  readonly type: 'float' | 'int' | 'categorical';
  readonly low: number;
  readonly high: number;
  readonly log: boolean;
  readonly step: number | null;
  readonly choices: readonly string[] | null;
}

type Named = Readonly<Record<string, number>>;

interface Study {
  readonly name: string;
  readonly space: readonly Described[];
  readonly params: readonly Readonly<Record<string, string | number>>[];
  readonly values: readonly number[];
  readonly importances: {
    readonly fanova: { readonly mean: Named; readonly sd: Named };
    readonly 'ped_anova_q0.1': Named;
    readonly 'ped_anova_q0.1_raw': Named;
    readonly 'ped_anova_q0.25_raw': Named;
    readonly 'ped_anova_q0.1_global': Named;
  };
  readonly exact_main_effect_shares: Named | null;
}

const path = join(import.meta.dirname, '..', 'fixtures', 'search', 'importance.json');
export const studies = (JSON.parse(readFileSync(path, 'utf8')) as { studies: Study[] }).studies;

export const columnsOf = ({ space, params }: Study): Column[] =>
  space.map(({ name, type, low, high, log, step, choices }): Column => {
    const raw = params.map((point) => point[name]);
    if (choices !== null) {
      const values = raw.map((value) =>
        value === undefined ? Number.NaN : choices.indexOf(value as string),
      );
      return { name, values, kind: 'choice', count: choices.length };
    }
    const values = raw.map((value) => (value === undefined ? Number.NaN : (value as number)));
    const count = step === null ? Number.POSITIVE_INFINITY : Math.round((high - low) / step) + 1;
    const scale = log ? 'log' : 'linear';
    return { name, values, kind: 'number', low, high, scale, count, isWhole: type === 'int' };
  });

export const named = (columns: readonly Column[], importances: readonly number[]): Record<string, number> =>
  Object.fromEntries(columns.map(({ name }, index) => [name, importances[index] as number]));
