/**
 * A database as a long search leaves it: 10,000 trials of 100 epochs, with curves that look like curves. Nothing was trained.
 * `node bench/large-database.ts FILE [TRIALS] [EPOCHS]`
 */
import { existsSync } from 'node:fs';
import { decisive, networkMetrics, reportOf } from '../src/metric.ts';
import { openStore } from '../src/store/store.ts';
import { weightsSha256 } from '../src/train/weights-hash.ts';
import type { Report, TrialOutcome } from '../src/trial.ts';

/** Writes a finished experiment of `trials` trials into a new database at `path`. */
export function writeLargeDatabase(path: string, trials: number, epochs: number): void {
  if (existsSync(path)) throw new Error(`${path} is there already.`);
  const side = Math.ceil(Math.sqrt(trials));
  const rates = Array.from({ length: side }, (_, i) => Number(10 ** (-5 + (5 * i) / side)).toPrecision(4));
  const definition = {
    name: 'large',
    seed: 1,
    data: { source: 'mnist', train: [0, 3_000], validation: [50_000, 60_000], pixels: '0-1' },
    model: { hidden: [20], activation: 'sigmoid' },
    training: { epochs },
    space: {
      learningRate: rates.map(Number),
      batchSize: Array.from({ length: side }, (_, i) => 8 * (i + 1)),
    },
    search: { method: 'grid', metric: 'validationAccuracy', replicates: 1 },
  };
  const store = openStore(path);
  const id = store.beginExperiment({
    name: 'large',
    definition: JSON.stringify(definition),
    definitionHash: 'd'.repeat(64),
    dataHash: 'e'.repeat(64),
    kernelHash: 'f'.repeat(64),
    seed: 1,
    metric: 'validationAccuracy',
    metrics: networkMetrics('validationAccuracy'),
    objectiveHash: null,
    encoding: '{}',
    createdAt: '2026-01-02T03:04:05.678Z',
  });
  store.addTrials(
    id,
    Array.from({ length: trials }, (_, i) => ({
      number: i + 1,
      role: 'search' as const,
      key: `key ${i + 1}`,
      replicate: 0,
      params: { learningRate: Number(rates[Math.floor(i / side)]), batchSize: 8 * ((i % side) + 1) },
    })),
  );
  for (const { id: trialId, number } of store.trials(id)) {
    store.startAttempt(trialId);
    store.finish(trialId, outcome(number, epochs, side));
  }
  store.finishExperiment(id, 'done', trials);
  store.close();
}

function outcome(number: number, epochs: number, side: number): TrialOutcome {
  if (number % 97 === 0)
    return { state: 'failed', code: 'ERR_WORKER', reason: 'the thread ended', reports: [], seconds: 1 };
  const rate = Math.floor(number / side) / side;
  const batch = (number % side) / side;
  const ceiling = 0.92 - 1.2 * (rate - 0.6) ** 2 - 0.1 * (batch - 0.2) ** 2;
  const reports = Array.from({ length: epochs }, (_, i): Report => {
    const reached = 1 - Math.exp(-(i + 1) / (5 + 30 * batch));
    const evaluationAccuracy = 0.1 + (ceiling - 0.1) * reached + 0.004 * Math.sin(number * 7 + i);
    const evaluationLoss = 3.2 - 2.6 * reached * ceiling;
    const trainingAccuracy = Math.min(1, evaluationAccuracy + 0.02);
    const measured = [evaluationLoss * 0.9, trainingAccuracy, evaluationLoss, evaluationAccuracy];
    return reportOf('validationAccuracy', i + 1, measured);
  });
  const best = reports.reduce((a, b) => (decisive(b) > decisive(a) ? b : a));
  const parameters = new Float32Array(2).fill(number);
  const weights = { sizes: [1, 1], parameters, sha256: weightsSha256(parameters) };
  const last = reports.at(-1) ?? best;
  return {
    state: 'done',
    result: {
      ...{ reports, best, last, seconds: 1 },
      artifacts: [
        { kind: 'network', name: 'best', weights, correct: new Uint8Array(1) },
        { kind: 'network', name: 'last', weights },
      ],
      spans: [{ thread: number % 2, from: number / 2, to: number / 2 + 0.5 }],
    },
  };
}

if (import.meta.main) {
  const [path, trials = '10000', epochs = '100'] = process.argv.slice(2);
  if (path === undefined) throw new Error('Name the file to write.');
  writeLargeDatabase(path, Number(trials), Number(epochs));
}
