/** A sweep that takes a second, as a process of its own: the thing that is tortured. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';
import { writeForeignFiles } from './foreign-files.ts';
import { content, filesBeside } from './oracle.ts';

const program = fileURLToPath(new URL('../../src/bin.ts', import.meta.url));

export interface SmallSweep {
  readonly folder: string;
  readonly definition: string;
  /** What an uninterrupted run leaves. */
  readonly expected: string;
  readonly files: readonly string[];
  /** How long that took. */
  readonly ms: number;
}

export interface SmallSettings {
  readonly epochs: number;
  readonly learningRate: readonly number[];
  readonly batchSize: readonly number[];
  readonly threads: number;
}

const usual: SmallSettings = { epochs: 1_500, learningRate: [0.01, 0.1], batchSize: [16, 32], threads: 2 };

/** Writes data and a definition into a new folder, and runs it once without any fault. */
export async function smallSweep(settings: Partial<SmallSettings> = {}): Promise<SmallSweep> {
  const { epochs, learningRate, batchSize } = { ...usual, ...settings };
  const folder = mkdtempSync(join(tmpdir(), 'coresweep-torture-'));
  writeTinyIdx(join(folder, 'data'), { train: 160, test: 40, rows: 6, columns: 6 });
  const definition = join(folder, 'small.json');
  writeFileSync(
    definition,
    JSON.stringify({
      name: 'small',
      data: { source: 'idx', folder: 'data', train: [0, 120], validation: [120, 160], test: [0, 40] },
      model: { hidden: [5] },
      training: { epochs },
      space: { learningRate, batchSize },
      final: { epochs },
      limits: { checkpointSeconds: 0.05 },
    }),
  );
  // The first run of a program is slower: its compiled code is kept for the others.
  await start({ definition, database: newDatabase(folder) }).ended;
  const before = performance.now();
  const database = newDatabase(folder);
  const run = await start({ definition, database }).ended;
  if (run.code !== 0) throw new Error(`The small sweep failed by itself: ${run.err}`);
  const ms = performance.now() - before;
  return { folder, definition, files: filesBeside(database), expected: content(database), ms };
}

export const forget = ({ folder }: SmallSweep): void => rmSync(folder, { recursive: true, force: true });

let databases = 0;
/** Path of a database in a folder of its own, in which other people's files lie. */
export function newDatabase(folder: string): string {
  const own = join(folder, `run-${databases++}`);
  mkdirSync(own);
  writeForeignFiles(own);
  return join(own, 'results.db');
}

export interface Ended {
  /** Exit code, or 128 and the signal that killed it as a shell would say. */
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  /** Trials of phase 1 that were told to be finished, and how. */
  readonly acknowledged: ReadonlyMap<number, string>;
}

export interface Started {
  readonly pid: number;
  kill(signal: NodeJS.Signals): void;
  /** Resolves once it has told of so many trials, of either phase, or has ended. */
  told(trials: number): Promise<unknown>;
  readonly ended: Promise<Ended>;
}

export interface StartOptions {
  /** A command that coresweep is started by, such as strace with its options. */
  readonly wrapper?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** Starts `coresweep run`. */
export const start = (
  { definition, database }: { definition: string; database: string },
  { options = [], ...how }: StartOptions & { readonly options?: readonly string[] } = {},
): Started => startCommand(['run', definition, '--db', database, '--threads', '2', ...options], how);

/** Starts `coresweep` with these words. */
export function startCommand(
  line: readonly string[],
  { wrapper = [], env = {} }: StartOptions = {},
): Started {
  const [command, ...args] = [...wrapper, process.execPath, program, ...line] as [string, ...string[]];
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env, npm_lifecycle_event: undefined, TAP: undefined },
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
  const listeners = new Set<() => void>();
  child.stderr.setEncoding('utf8').on('data', (text) => {
    err += text;
    for (const listener of listeners) listener();
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) =>
      resolve({ code, signal, out, err, acknowledged: acknowledgedIn(err) }),
    );
  });
  const told = (trials: number) => {
    const reached = new Promise<void>((resolve) => {
      listeners.add(() => {
        if ((err.match(/^\[\d+\/\d+\] /gm)?.length ?? 0) >= trials) resolve();
      });
    });
    return Promise.race([reached, ended]);
  };
  return { pid: child.pid as number, kill: (signal) => child.kill(signal), told, ended };
}

/** `[1/6] trial 3 (learning rate 0.1, batch size 16) done: ...`; those of phase 2 say "[1/1]". */
function acknowledgedIn(err: string): Map<number, string> {
  const lines = err.matchAll(/^\[\d+\/\d+\] trial (\d+) \([^)]*\) (done: best|diverged)/gm);
  return new Map(
    [...lines].map(([, number, how]) => [Number(number), (how as string).split(':')[0] as string]),
  );
}
