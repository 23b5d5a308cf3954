/** A sweep that takes a second, as a process of its own: the thing that is tortured. */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeForeignFiles } from './foreign-files.ts';
import { content, filesBeside } from './oracle.ts';
import { others, usual, type Write } from './small-definitions.ts';

const program = fileURLToPath(new URL('../../src/bin.ts', import.meta.url));

export interface SmallSweep {
  readonly folder: string;
  readonly definition: string;
  /** With what an undisturbed run ends: another than 0 where trials diverge. */
  readonly code: number;
  /** What it leaves. */
  readonly expected: string;
  readonly files: readonly string[];
  /** The bestmodel.json that it leaves. */
  readonly model: string;
  /** How long that took. */
  readonly ms: number;
}

/** Writes data and a definition into a new folder, and runs it without any fault. */
export async function smallSweep(write: Write = usual()): Promise<SmallSweep> {
  const folder = mkdtempSync(join(tmpdir(), 'coresweep-torture-'));
  const definition = join(folder, 'small.json');
  writeFileSync(definition, JSON.stringify(write(folder)));
  const before = performance.now();
  const database = newDatabase(folder);
  const run = await start({ definition, database }).ended;
  if (run.code === null || !existsSync(modelOf(database)))
    throw new Error(`The small sweep failed by itself: ${run.err}`);
  const ms = performance.now() - before;
  return {
    folder,
    definition,
    code: run.code,
    files: filesBeside(database),
    expected: content(database),
    model: modelOf(database),
    ms,
  };
}

const modelOf = (database: string): string => join(dirname(database), 'bestmodel.json');

/** Small sweeps of every definition, each made when it is first asked for. */
export async function smallSweeps(): Promise<{
  readonly of: (random: number) => Promise<SmallSweep & { readonly kind: string }>;
  readonly forget: () => void;
}> {
  const first = { ...(await smallSweep()), kind: 'the usual one' };
  const made = new Map<string, typeof first>([[first.kind, first]]);
  const writes = others(first.model);
  const kinds = [first.kind, ...Object.keys(writes)];
  const of = async (random: number) => {
    const kind = kinds[Math.floor(random * kinds.length)] as string;
    const small = made.get(kind) ?? { ...(await smallSweep(writes[kind])), kind };
    made.set(kind, small);
    return small;
  };
  return { of, forget: () => [...made.values()].forEach(forget) };
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
