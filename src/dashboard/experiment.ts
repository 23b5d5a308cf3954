/** One experiment in sums, with what its definition says to people. */
import { recordedNetwork } from '../experiment/network.ts';
import { recordedJson, recordedSpace } from '../experiment/recorded.ts';
import { largestEpochs } from '../experiment/trial-settings.ts';
import { areReplicated } from '../findings/combinations.ts';
import { isNetworkRun, type NetworkRun } from '../store/results.ts';
import type { Encoding } from '../train/encoding.ts';
import type { ExperimentAnswer } from './answers.ts';
import { type Asked, summaryOf } from './asked.ts';
import { firstFront } from './fronts.ts';
import { type Answer, json, notFound } from './http-answer.ts';

export function experiment(asked: Asked): Answer {
  const { source, results, run } = asked;
  const summary = summaryOf(asked);
  if (summary === undefined) return notFound;
  const definition = Object(recordedJson(run)) as Definition;
  return json({
    ...summary,
    front: firstFront(source.fronts(run, summary.revision)),
    definition: run.definition,
    parameters: results.parameters(run.id),
    space: recordedSpace(run) ?? null,
    isReplicated: areReplicated(results.combinations(run.id)),
    epochs: (isNetworkRun(run) ? longestOf(run) : undefined) ?? definition.training?.epochs ?? null,
    finalEpochs: definition.final?.epochs ?? null,
    hidden: (definition.space?.['hidden'] === undefined ? definition.model?.hidden : undefined) ?? [],
    pixels: definition.data?.pixels ?? '0-1',
    rows: rowsAre(definition.data?.source),
    classNames: (JSON.parse(run.encoding ?? '{}') as Partial<Encoding>).classes ?? null,
    published: {
      validationAccuracy: definition.published?.validationAccuracy ?? null,
      testAccuracy: definition.published?.testAccuracy ?? null,
    },
  } satisfies ExperimentAnswer);
}

/** The part of a definition that is shown; an older program may have stored less. */
interface Definition {
  readonly training?: { readonly epochs?: number };
  readonly final?: { readonly epochs?: number };
  readonly model?: { readonly hidden?: readonly number[] };
  readonly space?: Readonly<Record<string, unknown>>;
  readonly published?: { readonly validationAccuracy?: number; readonly testAccuracy?: number };
  readonly data?: { readonly pixels?: '0-1' | 'raw'; readonly source?: string };
}

/** The epochs of the longest trial; undefined where this version cannot read the definition. */
function longestOf(run: NetworkRun): number | undefined {
  const experiment = recordedNetwork(run);
  return experiment && largestEpochs(experiment);
}

function rowsAre(source: string | undefined): ExperimentAnswer['rows'] {
  if (source === 'csv' || source === 'arrays') return 'table';
  return source === 'idx' ? 'pictures' : 'digits';
}
