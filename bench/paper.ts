/** The paper's phases, timed from inside one process and from its start. */
import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import paper from '../experiments/paper.ts';
import { runSweep } from '../src/index.ts';
import type { Phase } from '../src/trial.ts';

export interface PhaseTime {
  /** From the phase's start to its last trial's end. */
  readonly seconds: number;
  /** Summed over its trials: time on threads. */
  readonly busySeconds: number;
}

/** Runs the paper up to `phase` on `threads` threads and times that phase. */
export async function phaseSeconds(phase: Phase, threads: number, scratch: string): Promise<PhaseTime> {
  const folder = join(scratch, `phase${phase}`);
  await rm(folder, { recursive: true, force: true });
  let startedAt = 0;
  let endedAt = 0;
  let busySeconds = 0;
  // Phase 2 needs a winner, not all nine trials.
  const space = phase === 1 ? paper.space : { learningRate: [0.01], batchSize: [128] };
  const training = phase === 1 ? paper.training : { ...paper.training, epochs: 1 };
  await runSweep(
    { ...paper, space, training },
    {
      database: join(folder, 'results.db'),
      threads,
      lastPhase: phase,
      onEvent: (event) => {
        if (event.kind === 'phase started' && event.phase === phase) startedAt = performance.now();
        if (event.kind !== 'trial finished' || event.trial.phase !== phase) return;
        endedAt = performance.now();
        if (event.trial.state === 'done') busySeconds += event.trial.seconds;
      },
    },
  );
  return { seconds: (endedAt - startedAt) / 1000, busySeconds };
}

/** Seconds from the start of a process to its first trial training, which the process itself tells. */
export async function startSeconds(scratch: string, threads: number): Promise<number> {
  const database = join(scratch, 'start', 'results.db');
  await rm(join(scratch, 'start'), { recursive: true, force: true });
  const script = join(import.meta.dirname, 'first-trial.ts');
  const started = performance.now();
  const child = spawn('node', [script, database, String(threads)], { stdio: ['ignore', 'pipe', 'inherit'] });
  const seconds = await new Promise<number>((resolve, reject) => {
    child.stdout.once('data', () => resolve((performance.now() - started) / 1000));
    child.on('error', reject);
  });
  const exited = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGTERM');
  await exited;
  return seconds;
}
