/** A run as a row: read back, checked, and as everyone knows it. Not here: what a run is (results.ts). */
import { shown } from '../errors.ts';
import { type ClassMetric, type Metric, type NetworkMetric, networkMetric } from '../metric.ts';
import { DamagedRecord, expectIntact } from './digest.ts';
import type { Experiment } from './results.ts';
import { storedJson } from './stored-json.ts';

export interface ExperimentRow {
  readonly id: number;
  readonly name: string;
  readonly definition: string;
  readonly definition_hash: string;
  readonly data_hash: string | null;
  readonly kernel_hash: string | null;
  readonly objective_hash: string | null;
  readonly encoding: string | null;
  readonly seed: number;
  readonly metric: ClassMetric | null;
  readonly metrics: string;
  readonly state: Experiment['state'];
  readonly created_at: string;
  readonly seconds: number | null;
}

export function experimentOf(row: ExperimentRow): Experiment {
  expectIntact('experiment', row);
  const { id, name, definition, seed, state, seconds } = row;
  const record = `experiment ${id}`;
  // Of older versions, without digests: whoever reads the row later may rely on these.
  storedJson(record, 'definition', definition);
  if (row.encoding != null) storedJson(record, 'encoding', row.encoding);
  const metrics = metricsIn(record, row.metrics);
  const metric = metricIn(record, row, metrics);
  if (Number.isNaN(Date.parse(row.created_at)))
    throw new DamagedRecord(record, `has ${shown(row.created_at)} as created_at, which is no time`);
  const hashes = {
    definitionHash: row.definition_hash,
    dataHash: row.data_hash,
    kernelHash: row.kernel_hash,
    objectiveHash: row.objective_hash,
  };
  return Object.freeze({
    ...{ id, name, definition, ...hashes, encoding: row.encoding, seed, metric, state },
    ...{ metrics, createdAt: row.created_at, seconds },
  });
}

/** Of networks that tell classes the column says it; of those that give numbers, whose kernels stand there too, the metrics do. */
function metricIn(
  record: string,
  { metric, kernel_hash }: ExperimentRow,
  [first]: readonly Metric[],
): NetworkMetric | null {
  const name = metric ?? (kernel_hash === null ? null : (first?.name ?? ''));
  if (name === null) return null;
  const known = networkMetric(name);
  if (known === undefined) throw new DamagedRecord(record, `has the metric ${shown(name)}`);
  return known;
}

function metricsIn(record: string, text: string): readonly Metric[] {
  const pairs = storedJson(record, 'metrics', text) as readonly (readonly [string, Metric['goal']])[];
  return Object.freeze(pairs.map(([name, goal]) => Object.freeze({ name, goal })));
}
