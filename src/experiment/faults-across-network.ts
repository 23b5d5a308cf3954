/**
 * What is wrong with a definition that trains the network where its keys are looked at together; one that is faulty by itself is
 * passed over. Not here: which settings can stand together (network-faults.ts), and the rows (data-faults.ts).
 */
import type * as z from 'zod';
import type { SpaceDefinition } from '../space/definition.ts';
import type { Params } from '../trial.ts';
import { dataFaults } from './data-faults.ts';
import { answerFaults, outputFaults, publishedFaults, trainingFaults } from './network-faults.ts';
import {
  model as modelShape,
  needed,
  training as trainingShape,
  usualInitialWeights,
} from './network-settings.ts';
import { faultsOf, sentence } from './shape-faults.ts';
import { isRecord, type Part } from './shapes.ts';
import { isAlwaysNamed, settingPoints, settingsIn } from './trial-settings.ts';

/** Faults that show only when fields are looked at together; a field that is faulty by itself is passed over. */
export function faultsAcrossNetwork(definition: Part, isSpace: boolean): string[] {
  const [data, space, training, model] = ['data', 'space', 'training', 'model'].map((name) => {
    const part = definition[name];
    return isRecord(part) ? part : {};
  }) as [Part, Part, Part, Part];
  const faults = dataFaults(
    data,
    space['batchSize'],
    isRecord(definition['final']) && isRecord(definition['data']),
  );
  // The default is no fault: a checked definition holds it, and is checked again when a recorded run is verified.
  const { initialWeights = usualInitialWeights } = model;
  if (definition['start'] !== undefined && initialWeights !== usualInitialWeights) {
    faults.push('start.file and model.initialWeights both say how weights start: keep one of the two.');
  }
  const points = isSpace ? settingPoints(space as SpaceDefinition) : [{}];
  const inTrials = (faultsOf: (model: Part, training: Part) => readonly string[]) =>
    settingFaults(points, (own) => faultsOf({ ...model, ...own.model }, { ...training, ...own.training }));
  const metric = isRecord(definition['search']) ? definition['search']['metric'] : undefined;
  return [
    ...faults,
    ...inTrials((model, training) => trainingFaults(training, model)),
    ...inTrials((model) => publishedFaults(model, definition['published'])),
    ...inTrials((model, training) => outputFaults(model, training, data, metric)),
    ...answerFaults(data),
    ...startFaults(definition, space, initialWeights),
    ...neededFaults(space, 'model', model, modelShape.shape.hidden),
    ...neededFaults(space, 'training', training, trainingShape.shape.epochs),
  ];
}

/** What has no default must be given, unless every trial has its own. */
function neededFaults(space: Part, group: keyof typeof needed, given: Part, shape: z.ZodOptional): string[] {
  const name = needed[group];
  if (given[name] !== undefined || isAlwaysNamed(name, space)) return [];
  const missing = (shape.unwrap() as z.ZodType).safeParse(undefined).error?.issues ?? [];
  const faults = missing.flatMap((issue) => faultsOf(issue, shape, [group, name])).map(sentence);
  if (space[name] === undefined) return faults;
  return faults.map((fault) => `${fault} Trials without space.${name} keep it.`);
}

/** Faults of settings in any trial of the search; where one is the space's, that is named. */
function settingFaults(
  points: readonly Params[],
  faultsOf: (own: ReturnType<typeof settingsIn>) => readonly string[],
): string[] {
  const told = points.flatMap((point) =>
    faultsOf(settingsIn(point)).map((fault) => {
      const spoken = Object.keys(point).reduce(
        (text, name) =>
          text.replaceAll(new RegExp(`\\b(?:model|training)\\.${name}\\b`, 'g'), `space.${name}`),
        fault,
      );
      return spoken === fault ? fault : `${spoken} Such trials can be kept out by a condition (when).`;
    }),
  );
  return [...new Set(told)];
}

/** Starting weights that are given are those of one network. */
function startFaults({ start }: Part, space: Part, initialWeights: unknown): string[] {
  const given =
    start !== undefined ? 'start.file' : isRecord(initialWeights) ? 'model.initialWeights' : undefined;
  const others = start === undefined ? ['hidden'] : ['hidden', 'initialWeights'];
  return others
    .filter((name) => given !== undefined && space[name] !== undefined)
    .map(
      (name) =>
        `${given} gives the weights of one network, so that space.${name} cannot be tried: take one of the two out.`,
    );
}
