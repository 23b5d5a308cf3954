/** Checks a definition, tells all of its faults at once, each with its path, and fills in the defaults. */
import { errors, shown } from '../errors.ts';
import type { SpaceDefinition } from '../space/definition.ts';
import { asMeant } from './as-meant.ts';
import { completed } from './completed.ts';
import { faultsAcrossNetwork } from './faults-across-network.ts';
import { faultsAcrossObjective } from './faults-across-objective.ts';
import { meantForSpace } from './meant-for-space.ts';
import { training as trainingShape } from './network-settings.ts';
import type { Pruning } from './prune-shape.ts';
import { type Recorded, recordedJson } from './recorded.ts';
import {
  type Experiment,
  eitherForm,
  formOf,
  forms,
  isOfNoForm,
  type NetworkExperiment,
  networkSpace,
  shapeOf,
} from './schema.ts';
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
  const definition = plain(given);
  if (isRecord(definition)) {
    const { data } = shapeOf(definition).safeParse(definition);
    if (data !== undefined && faultsBetween(definition, data).length === 0) return completed(data);
  }
  // Several faults of one list can give the same sentence.
  throw errors.definition(file, [...new Set(sentencesOf(definition))].map(spoken));
}

/** The definition of a recorded run, held against today's rules. @throws ERR_DEFINITION with every fault of it */
export const checkRecorded = (run: Recorded): Experiment =>
  checkDefinition(recordedJson(run), `The definition of experiment ${run.id}`);

const plain = (given: unknown): unknown =>
  isRecord(given) && 'space' in given ? { ...given, space: plainSpace(given['space']) } : given;

/** All that is wrong. What a misspelt key holds is looked at where it was meant to stand: it is not missing there. */
function sentencesOf(definition: unknown): string[] {
  if (!isRecord(definition)) return [`${whatIsTried}, but ${gotText(definition)}.`];
  const form = formOf(definition);
  const shape = forms[form]();
  const known = isOfNoForm(definition) ? eitherForm() : shape;
  const found = (shape.safeParse(definition).error?.issues ?? []).flatMap((issue) =>
    faultsOf(issue, issue.path.length === 0 ? known : shape),
  );
  const faults = form === 'network' ? found.map((fault) => meantForSpace(fault, definition)) : found;
  const misspelt = faults.filter(({ meant }) => meant !== undefined);
  if (misspelt.length > 0)
    return [...misspelt.map(sentence), ...sentencesOf(plain(asMeant(definition, misspelt)))];
  if (isOfNoForm(definition)) {
    const ofEitherForm = faults.filter(({ path }) => !ofOneForm.includes(path[0]));
    return [...ofEitherForm.map(sentence), `${whatIsTried}, but it has neither an objective nor data.`];
  }
  return [...faults.map(sentence), ...faultsBetween(definition, partsOf(definition, shape))];
}

/** A file without a word in it is null. */
const gotText = (given: unknown): string =>
  given === null ? 'it is empty' : given === undefined ? 'it is missing' : `got ${shown(given)}`;

/** What each of the forms wants in another way. */
const ofOneForm: readonly unknown[] = ['data', 'space', 'search', 'final'];

const whatIsTried =
  'the definition must have a name and say what is tried: objective (a module such as "./train.mjs", or { command: [program, ...] }), metrics and space; or data, model, training and space for the built-in network';

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

function partsOf({ search, space, prune }: Part, { shape }: Shape): Parts {
  return {
    search: shape.search.safeParse(search).data,
    space: shape.space.safeParse(space).data,
    prune: shape.prune.safeParse(prune).data,
  };
}

/** What shows only where keys are looked at together. */
function faultsBetween(definition: Part, parts: Parts): string[] {
  const form = formOf(definition);
  const ofSpace = faultsOfSpace(definition, form);
  const space = ofSpace.length === 0 ? parts.space : undefined;
  const across = form === 'network' ? faultsAcrossNetwork : faultsAcrossObjective;
  return [
    ...across(definition, space !== undefined),
    ...ofSpace,
    ...faultsOfSearch({ ...parts, space }, definition),
  ];
}

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
