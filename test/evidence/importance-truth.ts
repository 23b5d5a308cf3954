/**
 * Studies with the importances that Optuna 5.0 gives their parameters, and the exact shares where these are known.
 * Made with Optuna 5.0.0 and scikit-learn 1.9.1; nothing in the file was made by coresweep.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Column, columnsOf } from '../../src/evidence/column.ts';
import type { Parameter } from '../../src/space/parameter.ts';

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

const parameterOf = ({ type, low, high, log, step, choices }: Described): Parameter => {
  if (choices !== null) return { kind: 'choice', values: choices };
  const range = { min: low, max: high, scale: log ? 'log' : 'linear' } as const;
  if (type === 'int') return { kind: 'int', ...range, step: step ?? 1 };
  return { kind: 'float', ...range, ...(step === null ? {} : { step }) };
};

export const columnsOfStudy = ({ space, params }: Study): Column[] =>
  columnsOf(
    space.map((described) => ({ name: described.name, parameter: parameterOf(described) })),
    params,
  );

export const named = (columns: readonly Column[], importances: readonly number[]): Record<string, number> =>
  Object.fromEntries(columns.map(({ name }, index) => [name, importances[index] as number]));
