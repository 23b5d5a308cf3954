/**
 * The defaults of a definition that follow from its other keys: how it is searched where it does not say so.
 * Not here: those of one key alone, which the schema fills in.
 */
import { type SpaceDefinition, spaceOf } from '../space/definition.ts';
import { valueCount } from '../space/parameter.ts';
import type { Experiment, NetworkExperiment, NetworkForm, ObjectiveForm } from './schema.ts';
import { methods, type SearchMethod } from './search-shape.ts';

/** Every combination where there are finitely many. */
export function usualMethod(space: SpaceDefinition): SearchMethod {
  return spaceOf(space).every(({ parameter }) => Number.isFinite(valueCount(parameter))) ? 'grid' : 'tpe';
}

/** With its method; without the options of the method that are at their defaults, so that it is the same as if they were not said. */
export function completed(form: NetworkForm): NetworkExperiment;
export function completed(form: NetworkForm | ObjectiveForm): Experiment;
export function completed(form: NetworkForm | ObjectiveForm): Experiment {
  const { method = usualMethod(form.space), ...search } = form.search;
  const usual = methods[method] as Readonly<Record<string, unknown>>;
  const said = Object.entries(search).filter(([key, value]) => !(key in usual && usual[key] === value));
  return { ...form, search: { ...Object.fromEntries(said), method } } as Experiment;
}
