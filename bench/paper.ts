/** The paper's phases, timed from inside one process and from its start. */
import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import paper from '../experiments/paper.ts';
import { openResults, runSweep } from '../src/index.ts';
import { phaseOf, type Role } from '../src/trial.ts';

export interface PhaseTime {
  /** From the phase's start to its last trial's end. */
  readonly seconds: number;
  /** Summed over its trials: time on threads. */
  readonly busySeconds: number;
}

/** Runs the paper up to `phase` on `threads` threads and times that phase. */
export async function phaseSeconds(role: Role, threads: number, scratch: string): Promise<PhaseTime> {
  const folder = join(scratch, `phase${phaseOf[role]}`);
  await rm(folder, { recursive: true, force: true });
  let startedAt = 0;
  let endedAt = 0;
  let busySeconds = 0;
  // Phase 2 needs a winner, not all nine trials.
  const space = role === 'search' ? paper.space : { learningRate: [0.01], batchSize: [128] };
  const training = role === 'search' ? paper.training : { ...paper.training, epochs: 1 };
  await runSweep(
    { ...paper, space, training },
    {
      database: join(folder, 'results.db'),
      threads,
      lastPhase: phaseOf[role],
      onEvent: (event) => {
        if (event.kind === 'phase started' && event.role === role) startedAt = performance.now();
        if (event.kind !== 'trial finished' || event.trial.role !== role) return;
        endedAt = performance.now();
        if (event.trial.state === 'done') busySeconds += event.trial.seconds;
      },
    },
  );
  return { seconds: (endedAt - startedAt) / 1000, busySeconds };
}

/** Seconds from the start of the command line. */
export interface StartTime {
  /** To the line of the first trial, which is trained for one epoch: besides that epoch, recording it counts. */
  readonly recorded: number;
  /** The same without the time for which a thread had that trial: no later than this it has begun to train. */
  readonly training: number;
}

export async function startTime(scratch: string, threads: number): Promise<StartTime> {
  const folder = join(scratch, 'start');
  await rm(folder, { recursive: true, force: true });
  const database = join(folder, 'results.db');
  const line = ['run', await oneEpoch(folder), '--phase', '1'];
  const options = ['--db', database, '--threads', String(threads)];
  const started = performance.now();
  const child = spawn('node', ['src/start.js', ...line, ...options], { stdio: ['ignore', 'ignore', 'pipe'] });
  const recorded = await new Promise<number>((resolve, reject) => {
    child.stderr.once('data', () => resolve((performance.now() - started) / 1000));
    child.on('error', reject);
  });
  const exited = new Promise((resolve) => child.on('close', resolve));
  child.kill('SIGTERM');
  await exited;
  return { recorded, training: recorded - shortestTraining(database) };
}

/** Seconds of the trial that a thread had for the shortest time. */
function shortestTraining(database: string): number {
  const results = openResults(database);
  const [row] = results.query(
    'SELECT min("to" - "from") FROM span JOIN trial ON trial.id = trial_id WHERE state = \'done\'',
  ).rows;
  results.close();
  return Number(row?.[0]);
}

/** The paper with one epoch a trial as a file, as a person would write it: `--set` would also load the YAML parser. */
async function oneEpoch(folder: string): Promise<string> {
  const file = join(folder, 'paper.ts');
  const from = JSON.stringify(fileURLToPath(new URL('../experiments/paper.ts', import.meta.url)));
  await mkdir(folder, { recursive: true });
  await writeFile(
    file,
    `import { defineExperiment } from 'coresweep';
import paper from ${from};
export default defineExperiment({ ...paper, training: { ...paper.training, epochs: 1 } });
`,
  );
  return file;
}
