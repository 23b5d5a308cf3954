/**
 * Parameters as Optuna's distributions. A program that continues a study asks for each with the same kind: suggest_float
 * (with log=True where the distribution says so), suggest_int, or suggest_categorical with the same choices.
 * Not here: the study's file (optuna.ts).
 */
import { indexOfValue, type Parameter, valueAt, valueCount } from '../space/parameter.ts';
import type { Space } from '../space/space.ts';
import type { Value } from '../trial.ts';

export interface Distribution {
  readonly json: string;
  /** The number that Optuna keeps for a value. */
  readonly internal: (value: Value) => number;
}

export const distributionsOf = (space: Space): Map<string, Distribution> =>
  new Map(space.map(({ name, parameter }) => [name, distributionOf(parameter)]));

function distributionOf(parameter: Parameter): Distribution {
  if (parameter.kind === 'choice') return distributionOfChoice(parameter);
  const { min, max, scale, step } = parameter;
  const count = valueCount(parameter);
  // Optuna wants a range to end with a step.
  const high = Number.isFinite(count) ? (valueAt(parameter, count - 1) as number) : max;
  const isLog = scale === 'log';
  // Optuna has no steps on a log scale, but for whole numbers.
  const itsStep = isLog ? (parameter.kind === 'int' ? 1 : null) : (step ?? null);
  return numeric(parameter.kind, { log: isLog, step: itsStep, low: min, high });
}

/** Between numbers that were tried there is more to try: lists of them are ranges to Optuna's samplers. */
function distributionOfChoice(parameter: Parameter & { kind: 'choice' }): Distribution {
  const { values } = parameter;
  if (!values.every((value) => typeof value === 'number')) {
    const indexOf = indexOfValue(parameter);
    return { json: json('CategoricalDistribution', { choices: values }), internal: indexOf };
  }
  const low = values.reduce((least, value) => Math.min(least, value));
  const high = values.reduce((most, value) => Math.max(most, value));
  return values.every(Number.isInteger)
    ? numeric('int', { log: false, step: 1, low, high })
    : numeric('float', { log: low > 0, step: null, low, high });
}

const numeric = (kind: 'float' | 'int', attributes: object): Distribution => ({
  json: json(kind === 'float' ? 'FloatDistribution' : 'IntDistribution', attributes),
  internal: Number,
});

const json = (name: string, attributes: object): string => JSON.stringify({ name, attributes });
