/** Checks a definition, tells all of its faults at once, each with its path, and fills in the defaults. */
import { errors } from '../errors.ts';
import type { SpaceDefinition } from '../space/definition.ts';
import { completed } from './completed.ts';
import { faultsAcrossNetwork } from './faults-across-network.ts';
import { faultsAcrossObjective } from './faults-across-objective.ts';
import { meantForSpace } from './meant-for-space.ts';
import { training as trainingShape } from './network-settings.ts';
import type { Pruning } from './prune-shape.ts';
import { type Experiment, formOf, forms, type NetworkExperiment, networkSpace, shapeOf } from './schema.ts';
import { pruneFaults, type SearchKeys, searchFaults } from './search-faults.ts';
import { faultsOf, sentence } from './shape-faults.ts';
import { isRecord, type Part } from './shapes.ts';
import { axesOf, plainSpace, spaceFaults } from './space-faults.ts';
import { axisOfAny } from './space-shape.ts';
import { largestEpochs } from './trial-settings.ts';

/**
 * Returns the experiment with its defaults; `file` is named in the error, and `spoken` gives paths the names that whoever wrote
 * the definition knows.
 * @throws ERR_DEFINITION with every fault of the definition
 */
export function checkDefinition<Given extends { readonly data: unknown; readonly objective?: undefined }>(
  definition: Given,
  file: string,
  spoken?: Spoken,
): NetworkExperiment;
export function checkDefinition(definition: unknown, file: string, spoken?: Spoken): Experiment;
export function checkDefinition(given: unknown, file: string, spoken: Spoken = (fault) => fault): Experiment {
  const definition = isRecord(given) ? { ...given, space: plainSpace(given['space']) } : given;
  const form = formOf(definition);
  const shape = shapeOf(definition);
  const parsed = shape.safeParse(definition);
  const across = form === 'network' ? faultsAcrossNetwork : faultsAcrossObjective;
  const between: string[] = [];
  if (isRecord(definition)) {
    const ofSpace = faultsOfSpace(definition, form);
    const parts = parsed.success ? parsed.data : partsOf(definition, shape);
    const space = ofSpace.length === 0 ? parts.space : undefined;
    between.push(
      ...across(definition, space !== undefined),
      ...ofSpace,
      ...faultsOfSearch({ ...parts, space }, definition),
    );
  }
  if (parsed.success && between.length === 0) return completed(parsed.data);
  const whole = forms[form]();
  const faults = (whole.safeParse(definition).error?.issues ?? []).flatMap((issue) => faultsOf(issue, whole));
  const within =
    form === 'network' && isRecord(definition)
      ? faults.map((fault) => meantForSpace(fault, definition))
      : faults;
  // Several faults of one list can give the same sentence.
  throw errors.definition(file, [...new Set([...within.map(sentence), ...between])].map(spoken));
}

type Spoken = (fault: string) => string;

/** What is wrong with a space as a whole. */
function faultsOfSpace({ space }: Part, form: ReturnType<typeof formOf>): string[] {
  if (!isRecord(space)) return [];
  const axes = axesOf(space, (name) => (form === 'network' ? networkSpace[name]?.() : axisOfAny()));
  return spaceFaults(axes, Object.keys(space));
}

type Shape = ReturnType<typeof shapeOf>;

/** Checks across keys; a part that is faulty by itself is skipped. */
interface Parts {
  readonly search?: SearchKeys | undefined;
  readonly space?: SpaceDefinition | undefined;
  readonly prune?: Pruning | undefined;
}

const partsOf = (definition: Part, { shape }: Shape): Parts => ({
  search: shape.search.safeParse(definition['search']).data,
  space: shape.space.safeParse(definition['space']).data,
  prune: shape.prune.safeParse(definition['prune']).data,
});

/** What shows only where search, prune and space are looked at together. */
function faultsOfSearch({ search, space, prune }: Parts, definition: Part): string[] {
  const training = trainingShape.safeParse(definition['training'] ?? {}).data;
  const epochs =
    space === undefined || training === undefined
      ? training?.epochs
      : largestEpochs({ space, training } as Pick<NetworkExperiment, 'space' | 'training'>);
  return [
    ...(search === undefined || space === undefined ? [] : searchFaults(search, space)),
    ...(prune === undefined ? [] : pruneFaults(prune, epochs)),
  ];
}
