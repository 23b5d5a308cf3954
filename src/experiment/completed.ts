/**
 * The defaults of a definition that follow from its other keys: how it is searched where it does not say so.
 * Not here: those of one key alone, which the schema fills in.
 */
import { metricsFor, type NetworkMetric } from '../metric.ts';
import { parameterOf, type SpaceDefinition, spaceOf } from '../space/definition.ts';
import { valueCount } from '../space/parameter.ts';
import { outputs } from '../train/outputs.ts';
import { needed } from './network-settings.ts';
import type { Experiment, NetworkExperiment, NetworkForm, ObjectiveForm } from './schema.ts';
import { methods, type SearchMethod } from './search-shape.ts';
import { isAlwaysNamed } from './trial-settings.ts';

/** Every combination where there are finitely many. */
export function usualMethod(space: SpaceDefinition): SearchMethod {
  return spaceOf(space).every(({ parameter }) => Number.isFinite(valueCount(parameter))) ? 'grid' : 'tpe';
}

/** The first of those that can decide among what its networks learn; check.ts sees to it that all learn the same. */
function usualMetric({ data, model }: NetworkForm): NetworkMetric {
  const isOfNumbers = 'targets' in data && data.targets !== undefined;
  return metricsFor(isOfNumbers ? 'numbers' : outputs[model.output].learns)[0] as NetworkMetric;
}

/** With its method, and a network's metric; without the options of the method that are at their defaults, so that it is the same as if they were not said. */
export function completed(form: NetworkForm): NetworkExperiment;
export function completed(form: NetworkForm | ObjectiveForm): Experiment;
export function completed(form: NetworkForm | ObjectiveForm): Experiment {
  const { method = usualMethod(form.space), ...search } = form.search;
  const decided = form.objective === undefined ? { metric: form.search.metric ?? usualMetric(form) } : {};
  const usual = methods[method] as Readonly<Record<string, unknown>>;
  const said = Object.entries(search).filter(([key, value]) => !(key in usual && usual[key] === value));
  const settled = form.objective === undefined ? settledBy(form) : {};
  return { ...form, ...settled, search: { ...Object.fromEntries(said), ...decided, method } } as Experiment;
}

/** A setting that every trial names is that of the first of them, whatever the definition says of it: no trial keeps that. */
function settledBy({ space, model, training }: NetworkForm): object {
  const first = (name: string) => {
    const axis = isAlwaysNamed(name, space) ? space[name] : undefined;
    if (axis === undefined) return {};
    const parameter = parameterOf(axis);
    return { [name]: parameter.kind === 'choice' ? parameter.values[0] : parameter.min };
  };
  return {
    model: { ...model, ...first(needed.model) },
    training: { ...training, ...first(needed.training) },
  };
}
