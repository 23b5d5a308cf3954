/** What makes two experiments, or two trials, the same: hashes over everything that decides their answer. */
import { hash } from 'node:crypto';
import { essential } from '../experiment/essential.ts';
import type { Experiment, NetworkExperiment, ObjectiveExperiment } from '../experiment/schema.ts';
import { besideSettings, ofTrial } from '../experiment/trial-settings.ts';
import type { Point } from '../search/searcher.ts';
import { phaseOf, type Role } from '../trial.ts';

/** JSON with the keys of every object in order, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** SHA-256 (hex) of a value, whatever the order of its keys. */
export const sha256 = (value: unknown): string => hash('sha256', canonicalJson(value));

/**
 * SHA-256 of what a definition asks for. Where its data, its starting weights and its module lie, and how a table is
 * written, does not count (what they hold has hashes of its own), nor do figures and names that are only printed, limits that
 * decide no answer, and budgets: a run goes on where its budget is raised.
 */
export const definitionHash = (experiment: Experiment): string =>
  experiment.objective === undefined ? networkHash(experiment) : objectiveHash(experiment);

function networkHash(experiment: NetworkExperiment): string {
  const { $schema, published, limits, data, start, search, ...definition } = essential(experiment);
  const split = 'split' in data && data.split !== undefined ? { ...data.split, rows: undefined } : undefined;
  const files = { folder: undefined, file: undefined, testFile: undefined };
  return sha256({
    ...definition,
    data: { ...data, ...files, split, separator: undefined, decimal: undefined, classNames: undefined },
    search: searchIdentity(search),
    startSha256: start?.sha256,
  });
}

function objectiveHash(experiment: ObjectiveExperiment): string {
  const { $schema, limits, search, objective, ...definition } = essential(experiment);
  return sha256({
    ...definition,
    objective: 'command' in objective ? objective : { ...objective, module: undefined },
    search: searchIdentity(search),
  });
}

/** Without the budget, and without where another run's trials lie: what they are has a hash. */
const searchIdentity = ({ from, ...search }: Experiment['search']) => ({
  ...search,
  trials: undefined,
  fromSha256: from?.sha256,
});

/** The same without the values of choices: equal for definitions whose trials can belong to one run. */
export function familyHash(experiment: Experiment): string {
  const axes = Object.entries(experiment.space).map(([name, axis]) => {
    if ('choice' in axis) return [name, { ...axis, choice: [] }];
    return [name, Array.isArray(axis) ? [] : axis];
  });
  return definitionHash({ ...experiment, space: Object.fromEntries(axes) });
}

/** The hashes of what a trial of the network is trained with. */
export interface NetworkIngredients {
  readonly dataHash: string;
  readonly kernelHash: string;
}

/** The hash of the arithmetic that a trial goes through, by its own definition. */
export type KernelHashOf = (ofTrial: NetworkExperiment) => string;

/** The hash of what a trial of any other objective runs (objective/identity.ts). */
export interface ObjectiveIngredients {
  readonly objectiveHash: string;
}

export type Ingredients = NetworkIngredients | ObjectiveIngredients;

/** What is tried, with the hashes of what it is made of. */
export type Identified =
  | {
      readonly kind: 'network';
      readonly experiment: NetworkExperiment;
      readonly ingredients: NetworkIngredients;
      /** Needed where a space names settings. */
      readonly kernelHashOf?: KernelHashOf;
    }
  | {
      readonly kind: 'objective';
      readonly experiment: ObjectiveExperiment;
      readonly ingredients: ObjectiveIngredients;
    };

/**
 * A trial's key: equal keys give equal bits of weights and curves.
 * @param startSha256 what it starts from, where that comes from another trial or from a file
 */
export function trialKey(
  tried: Identified,
  role: Role,
  { params, replicate }: Point,
  startSha256?: string,
): string {
  const start = { replicate, startSha256: startSha256 ?? null };
  if (tried.kind === 'objective') {
    const { seed, metrics, search, deterministic } = tried.experiment;
    const measured = { seed, metrics, result: search.result, deterministic: deterministic && undefined };
    return sha256({ ...tried.ingredients, ...measured, role, params, ...start });
  }
  const { dataHash } = tried.ingredients;
  const { seed, search, final } = tried.experiment;
  // A setting of the space has the identity of one in the definition: both give the same bits.
  const own = ofTrial(tried.experiment, params);
  const { model, training } = essential(own);
  const kernelHash = tried.kernelHashOf?.(own) ?? tried.ingredients.kernelHash;
  const epochs = role === 'search' ? training.epochs : final?.epochs;
  return sha256({
    ...{ dataHash, kernelHash, seed, model, training: { ...training, epochs }, bestBy: search.metric },
    ...{ phase: phaseOf[role], params: besideSettings(params), ...start },
  });
}
