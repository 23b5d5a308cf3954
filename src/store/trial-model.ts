/** The model that a finished trial has left in the database. */
import { errors } from '../errors.ts';
import { epochOf, metricFacts } from '../metric.ts';
import { checkedEncoding } from '../model/encoding-check.ts';
import { checkedFunctions } from '../model/functions-check.ts';
import { squarePictures } from '../model/load-model.ts';
import { type Model, type Provenance, provenanceMetrics } from '../model/model-file.ts';
import type { Encoding } from '../train/encoding.ts';
import type { NetworkFunctions } from '../train/model.ts';
import type { DoneTrial, Report } from '../trial.ts';
import { DamagedRecord } from './digest.ts';
import { type Experiment, type NetworkRun, networkRun, type Results } from './results.ts';
import { storedJson } from './stored-json.ts';

/**
 * The best epoch's weights of a trial of a search, which are its model; the last epoch's of the final training, whose test
 * rows choose nothing.
 */
export function trialModel(results: Results, experiment: Experiment, trial: DoneTrial): Model {
  const kind = trial.role === 'search' ? 'best' : 'last';
  const weights = results.weights(trial.id, kind);
  if (weights === undefined)
    throw errors.recordDamaged(
      undefined,
      new DamagedRecord(`the trial with id ${trial.id}`, 'is done, but has no weights'),
    );
  const run = networkRun(experiment);
  const provenance = provenanceOf(run, trial, trial[kind]);
  const encoding = encodingOf(experiment, weights.sizes);
  return { weights, ...functionsOf(experiment, trial), encoding, provenance };
}

/** The functions of a trial's network: its parameters say them, or else its definition. */
export function functionsOf(
  { id, definition }: Pick<Experiment, 'id' | 'definition'>,
  { params }: Pick<DoneTrial, 'params'>,
): NetworkFunctions {
  const record = `experiment ${id}`;
  const { model } = Object(storedJson(record, 'definition', definition)) as { model?: object };
  return checkedFunctions({ ...model, ...params }, (fault) => {
    throw errors.recordDamaged(undefined, new DamagedRecord(record, fault));
  });
}

/** @throws ERR_MODEL_ENCODING where it was not recorded and does not follow from the definition */
function encodingOf({ id, name, encoding, definition }: Experiment, sizes: readonly number[]): Encoding {
  const record = `experiment ${id}`;
  if (encoding !== null) {
    const stored = storedJson(record, 'encoding', encoding);
    return checkedEncoding(stored, sizes, (fault) => {
      throw errors.recordDamaged(undefined, new DamagedRecord(record, fault));
    });
  }
  const { data } = Object(storedJson(record, 'definition', definition)) as {
    data?: { pixels?: '0-1' | 'raw' };
  };
  return squarePictures(name, sizes[0] as number, data?.pixels ?? '0-1');
}

function provenanceOf(
  { name, definitionHash, dataHash, kernelHash, metric }: NetworkRun,
  { role, number, key, params }: DoneTrial,
  report: Report,
): Provenance {
  const rows = role === 'search' ? 'validation' : 'test';
  const origin = { experiment: name, definitionHash, dataHash, kernelHash };
  const trial = { trial: number, key, params, epoch: report.step };
  const measured = provenanceMetrics[metricFacts[metric].learning].map((quantity) => [
    `${rows}${quantity}`,
    Object(epochOf(metric, report))[`evaluation${quantity}`],
  ]);
  return { ...origin, ...trial, ...Object.fromEntries(measured) };
}
