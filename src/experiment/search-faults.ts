/**
 * Faults of `search` and `prune` that show only beside other keys: the space, the method, how long a trial is.
 * Not here: faults of one key alone, which the schema tells.
 */
import { CoresweepError, shown } from '../errors.ts';
import { cmaEs, cmaEsDefaults } from '../search/cma-es.ts';
import { haltonSearch } from '../search/halton.ts';
import { sobolSearch } from '../search/sobol.ts';
import { type SpaceDefinition, spaceOf } from '../space/definition.ts';
import { misfits } from '../space/misfits.ts';
import { valueCount } from '../space/parameter.ts';
import type { Space } from '../space/space.ts';
import type { Params } from '../trial.ts';
import { usualMethod } from './completed.ts';
import type { Pruning } from './prune-shape.ts';
import { methods, type SearchMethod } from './search-shape.ts';

export interface SearchKeys {
  readonly method?: SearchMethod | undefined;
  readonly trials?: number | undefined;
  readonly from?: object | undefined;
  readonly enqueue?: readonly Params[] | undefined;
}

/** Of a `search` and a `space` that are each right by themselves. */
export function searchFaults(search: SearchKeys, definition: SpaceDefinition): string[] {
  const method = search.method ?? usualMethod(definition);
  const space = spaceOf(definition);
  return [
    ...foreignOptions(search, method),
    ...(method === 'grid' ? gridFaults(space) : endlessFaults(method, search.trials)),
    ...methodFaults(method, space),
    ...(search.from !== undefined && method !== 'tpe'
      ? [
          `search.from is for the method "tpe", which learns from trials, but search.method is "${method}": take it out.`,
        ]
      : []),
    ...(search.enqueue ?? []).flatMap((point, index) =>
      misfits(space, point).map((fault) => `search.enqueue[${index}] is no point of the space: ${fault}`),
    ),
  ];
}

/** Options of other methods: they would have no effect. */
function foreignOptions(search: object, method: SearchMethod): string[] {
  return Object.entries(methods).flatMap(([owner, options]) =>
    owner === method
      ? []
      : Object.keys(options)
          .filter((key) => (search as Record<string, unknown>)[key] !== undefined)
          .map(
            (key) =>
              `search.${key} is for the method "${owner}", but search.method is "${method}": take it out.`,
          ),
  );
}

const gridFaults = (space: Space): string[] =>
  space
    .filter(({ parameter }) => !Number.isFinite(valueCount(parameter)))
    .map(
      ({ name }) =>
        `search.method "grid" needs finitely many values, but space.${name} is a range without steps: give it a step, list its values, or choose "tpe".`,
    );

const endlessFaults = (method: SearchMethod, trials: number | undefined): string[] =>
  trials === undefined
    ? [
        `search.trials must say with how many trials the search ends, such as 100: "${method}" has no end of its own.`,
      ]
    : [];

/** What a method itself has against a space. */
function methodFaults(method: SearchMethod, space: Space): string[] {
  const begin = {
    grid: undefined,
    random: undefined,
    tpe: undefined,
    sobol: () => sobolSearch(space, 0),
    halton: () => haltonSearch(space, 0),
    'cma-es': () => cmaEs(space, [], cmaEsDefaults, 0),
  }[method];
  try {
    begin?.();
    return [];
  } catch (error) {
    if (error instanceof CoresweepError) return [error.message];
    throw error;
  }
}

/** Of a `prune` that is right by itself. @param epochs how long a trial of the network is */
export function pruneFaults(prune: Pruning, epochs: number | undefined): string[] {
  switch (prune.method) {
    case 'none':
      return [];
    case 'median':
    case 'percentile':
      return epochs !== undefined && prune.warmupSteps >= epochs
        ? [
            `prune.warmupSteps must be less than training.epochs, ${epochs}, but got ${prune.warmupSteps}: nobody would be judged.`,
          ]
        : [];
    case 'asha':
    case 'hyperband': {
      const { method, minResource, maxResource } = prune;
      if (method === 'hyperband' && maxResource === undefined && epochs === undefined)
        return [
          'prune.maxResource must say how many steps the longest trial has, such as 81: the brackets of "hyperband" follow from it.',
        ];
      const ends = [
        ['prune.maxResource', maxResource],
        ['training.epochs', epochs],
      ] as const;
      return ends.flatMap(([name, end]) =>
        minResource !== undefined && end !== undefined && minResource >= end
          ? [
              `prune.minResource must be less than ${name}, ${end}, but got ${shown(minResource)}: nobody would be judged.`,
            ]
          : [],
      );
    }
    default:
      return prune satisfies never;
  }
}
