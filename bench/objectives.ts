/**
 * What an objective of one's own costs beside its own time: functions that return at once, beside Optuna, and commands that end
 * at once, beside the bare spawn. Points are drawn at random, so that no sampler's time is in it.
 */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ObjectiveInput } from '../src/experiment/schema.ts';
import { runSweep } from '../src/index.ts';
import { peersPython } from './peers.ts';
import { type TrialCost, trialCost } from './trial-cost.ts';

/** Trials of an objective, in a new database. */
async function costOf(
  objective: ObjectiveInput['objective'],
  trials: number,
  threads: number,
): Promise<TrialCost> {
  const folder = await mkdtemp(join(tmpdir(), 'coresweep-bench-'));
  try {
    const definition = {
      name: 'instant',
      space: { x: { float: [0, 1] } },
      metrics: { loss: 'minimise' },
      search: { method: 'random', trials },
      objective,
    } satisfies ObjectiveInput;
    const options = { database: join(folder, 'results.db'), baseFolder: import.meta.dirname, threads };
    return await trialCost((onEvent) => runSweep(definition, { ...options, maxTrials: trials, onEvent }));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export const functionCost = (trials: number, threads: number): Promise<TrialCost> =>
  costOf('./instant-objective.ts', trials, threads);

/** Where Optuna keeps its trials; the first two are durable. */
export const optunaStorages = ['sqlite', 'journal', 'memory'] as const;

/** Optuna's study of the same function, one job. */
export async function optunaCost(
  storage: (typeof optunaStorages)[number],
  trials: number,
): Promise<TrialCost> {
  const folder = await mkdtemp(join(tmpdir(), 'coresweep-bench-'));
  const script = join(import.meta.dirname, 'peers/optuna_instant.py');
  try {
    const line = [script, storage, join(folder, 'study'), String(trials)];
    return JSON.parse(execFileSync(peersPython, line, { encoding: 'utf8' })) as TrialCost;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** It prints one report and ends. */
const command = ['sh', '-c', `echo '{"loss": 1}'`] as const;

/** Milliseconds a command, one at a time: as a trial, and spawned with the same pipes and nothing more. */
export async function commandCost(
  trials: number,
): Promise<{ readonly trialMs: number; readonly bareMs: number }> {
  const from = performance.now();
  for (let run = 0; run < trials; run++) await ended();
  const bareMs = (performance.now() - from) / trials;
  const { msPerTrial } = await costOf({ command: [...command] }, trials, 1);
  return { trialMs: msPerTrial, bareMs };
}

function ended(): Promise<unknown> {
  const [program, ...args] = command;
  const child = spawn(program, args);
  child.stdin.end();
  child.stdout.resume();
  child.stderr.resume();
  return new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
}
