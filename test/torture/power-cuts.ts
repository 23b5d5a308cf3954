/**
 * Power cuts: a sweep's writes, syncs and renames are recorded, and replayed up to any point into what a disk could then
 * hold: all that was synced, and of the rest nothing, everything, or any part, torn at 512 bytes.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { readModelFile } from '../../src/model/model-file.ts';
import { chance } from '../fixtures/chance.ts';
import { faultsAfterKill, faultsAfterResume } from './kills.ts';
import { usual } from './small-definitions.ts';
import { forget, newDatabase, type SmallSweep, smallSweep, start } from './small-sweep.ts';
import { type Suite, withoutStrace } from './suite.ts';

/** What the main thread did to the run's folder, and what it told of it. */
type Step =
  | { readonly kind: 'create'; readonly name: string; readonly isEmptied: boolean }
  | { readonly kind: 'unlink' | 'sync'; readonly name: string }
  | { readonly kind: 'write'; readonly name: string; readonly at: number | undefined; readonly bytes: Buffer }
  | { readonly kind: 'truncate'; readonly name: string; readonly length: number }
  | { readonly kind: 'rename'; readonly name: string; readonly to: string }
  | { readonly kind: 'told'; readonly text: string };

export const powerCuts: Suite = {
  unit: 'images of power cuts',
  shortRounds: 20,
  longRounds: 4_000,
  async run({ rounds, seed }) {
    const reason = withoutStrace();
    if (reason !== undefined) return { tried: 0, found: [], skipped: reason };
    const small = await smallSweep(usual({ epochs: 60 }));
    const steps = await recorded(small);
    const random = chance(seed);
    const found: string[] = [];
    for (let round = 0; round < rounds; round++) {
      const cut = 1 + Math.floor(random() * steps.length);
      const kept = ['nothing', 'everything', 'some'][round % 3] as Kept;
      const database = newDatabase(small.folder);
      writeImage(dirname(database), image(steps.slice(0, cut), kept, random));
      const faults = faultsOf(database, steps.slice(0, cut));
      // Going on takes a second, looking takes a millisecond.
      if (round % 20 === 0) faults.push(...(await faultsAfterResume(small, database)));
      found.push(
        ...faults.map((fault) => `cut after step ${cut} of ${steps.length}, ${kept} unsynced kept: ${fault}`),
      );
    }
    forget(small);
    return { tried: rounds, found };
  },
};

/** What of all that was not synced is on the disk. */
type Kept = 'nothing' | 'everything' | 'some';

function faultsOf(database: string, steps: readonly Step[]): string[] {
  const text = steps.map((step) => (step.kind === 'told' ? step.text : '')).join('');
  const told = [...text.matchAll(/^\[\d+\/\d+\] trial (\d+) \([^)]*\) done: best/gm)];
  const acknowledged = new Map(told.map(([, number]) => [Number(number), 'done']));
  if (!existsSync(database)) return acknowledged.size === 0 ? [] : ['the database is gone'];
  const found = faultsAfterKill(database, acknowledged);
  if (found.length > 0) return found;
  const model = join(dirname(database), 'bestmodel.json');
  const sha256 = existsSync(model) ? readModelFile(model).weights.sha256 : undefined;
  const wanted = modelIn(database);
  return wanted === undefined || wanted === sha256
    ? []
    : ['the database knows of a bestmodel.json that is not there'];
}

/** The weights that the database says were written to bestmodel.json. */
function modelIn(database: string): string | undefined {
  const db = new Database(database, { readonly: true });
  try {
    return db.prepare<[], string | null>('SELECT model_sha256 FROM experiment').pluck().get() ?? undefined;
  } catch {
    return undefined;
  } finally {
    db.close();
  }
}

/** A file's content: what is on the disk for certain, and what was done to it since it was last synced. */
interface Content {
  durable: Buffer;
  pending: Extract<Step, { kind: 'write' | 'truncate' }>[];
}

/** The files that a disk may hold after these steps. */
function image(steps: readonly Step[], kept: Kept, random: () => number): Map<string, Buffer> {
  const now = new Map<string, Content>();
  /** The folder as it is on the disk, and what was done to it since it was last synced. */
  let durableNames = new Map<string, Content>();
  let pendingNames: ((names: Map<string, Content>) => void)[] = [];
  const inFolder = (act: (names: Map<string, Content>) => void) => {
    act(now);
    pendingNames.push(act);
  };
  for (const step of steps) {
    switch (step.kind) {
      case 'create': {
        const known = now.get(step.name);
        if (known !== undefined) {
          if (step.isEmptied) known.pending.push({ kind: 'truncate', name: step.name, length: 0 });
          break;
        }
        const content: Content = { durable: Buffer.alloc(0), pending: [] };
        inFolder((names) => names.set(step.name, content));
        break;
      }
      case 'unlink':
        inFolder((names) => names.delete(step.name));
        break;
      case 'rename':
        inFolder((names) => {
          const content = names.get(step.name);
          names.delete(step.name);
          if (content !== undefined) names.set(step.to, content);
        });
        break;
      case 'write':
      case 'truncate':
        now.get(step.name)?.pending.push(step);
        break;
      case 'sync': {
        const content = now.get(step.name);
        if (step.name === '.') {
          durableNames = new Map(now);
          pendingNames = [];
        } else if (content !== undefined) {
          content.durable = applied(content.durable, content.pending);
          content.pending = [];
        }
        break;
      }
      case 'told':
        break;
      default:
        step satisfies never;
    }
  }
  // A journal of the file system keeps the order of names, though not that of bytes.
  const share = { nothing: 0, everything: 1, some: random() }[kept];
  for (const act of pendingNames.slice(0, Math.round(share * pendingNames.length))) act(durableNames);
  const bytesOf = ({ durable, pending }: Content): Buffer => {
    switch (kept) {
      case 'nothing':
        return durable;
      case 'everything':
        return applied(durable, pending);
      case 'some':
        return applied(
          durable,
          pending.filter(() => random() < 0.5).map((step) => torn(step, random)),
        );
      default:
        return kept satisfies never;
    }
  };
  return new Map([...durableNames].map(([name, content]) => [name, bytesOf(content)]));
}

/** A write of which only the first sectors arrive, in one case of five. */
function torn<One extends Content['pending'][number]>(step: One, random: () => number): One {
  if (step.kind !== 'write' || random() > 0.2) return step;
  return { ...step, bytes: step.bytes.subarray(0, 512 * Math.floor((random() * step.bytes.length) / 512)) };
}

function applied(before: Buffer, steps: Content['pending']): Buffer {
  let bytes = before;
  const resize = (length: number) => {
    const next = Buffer.alloc(length);
    bytes.copy(next);
    bytes = next;
  };
  for (const step of steps) {
    if (step.kind === 'truncate') {
      resize(step.length);
    } else {
      const at = step.at ?? bytes.length;
      if (at + step.bytes.length > bytes.length) resize(at + step.bytes.length);
      else bytes = Buffer.from(bytes);
      step.bytes.copy(bytes, at);
    }
  }
  return bytes;
}

function writeImage(folder: string, files: ReadonlyMap<string, Buffer>): void {
  mkdirSync(folder, { recursive: true });
  // The memory that processes share is never on the disk for longer than they live.
  for (const [name, bytes] of files) if (!name.endsWith('-shm')) writeFileSync(join(folder, name), bytes);
}

/** What a sweep does, run once under strace. */
async function recorded(small: SmallSweep): Promise<Step[]> {
  const database = newDatabase(small.folder);
  const log = join(small.folder, 'steps.txt');
  const calls = 'openat,pwrite64,write,fsync,fdatasync,ftruncate,rename,unlink';
  const wrapper = ['strace', '-f', '-y', '-xx', '-s', '100000000', '-qq', '-o', log, '-e', `trace=${calls}`];
  await start({ ...small, database }, { wrapper }).ended;
  const lines = readFileSync(log, 'latin1').split('\n');
  const main = lines[0]?.split(' ')[0] as string;
  const ours = whole(lines.filter((line) => line.startsWith(`${main} `)));
  return ours.flatMap((line) => stepOf(line, dirname(database)) ?? []);
}

/** With the space before it: what follows is the bracket that ends the arguments. */
const unfinished = ' <unfinished ...>';

/** Calls that strace has printed in two parts, because another thread called in between. */
function whole(lines: readonly string[]): string[] {
  const joined: string[] = [];
  let begun: string | undefined;
  for (const line of lines) {
    const [, rest] = /^\d+ +<\.\.\. \w+ resumed>(.*)$/s.exec(line) ?? [];
    if (line.endsWith(unfinished)) begun = line.slice(0, -unfinished.length);
    else if (rest !== undefined && begun !== undefined) joined.push(begun + rest);
    else joined.push(line);
  }
  return joined;
}

const unescaped = (text: string): Buffer => Buffer.from(text.replaceAll('\\x', ''), 'hex');

function lastNumber(args: string): number {
  const [digits] = /\d+$/.exec(args) ?? [];
  if (digits === undefined) throw new Error(`strace printed no number at the end of ${args.slice(-100)}`);
  return Number(digits);
}

function stepOf(line: string, folder: string): Step | undefined {
  const [, call, args, result] = /^\d+ +(\w+)\((.*)\) += (-?\d+)/s.exec(line) ?? [];
  if (call === undefined || args === undefined || Number(result) < 0) return undefined;
  const strings = [...args.matchAll(/"((?:\\x[0-9a-f]{2})*)"/g)].map(([, text]) => unescaped(text as string));
  const opened = /^\d+<((?:\\x[0-9a-f]{2})*)>/.exec(args)?.[1];
  const named = (path: Buffer | undefined): string | undefined => {
    const text = path?.toString();
    if (text === folder) return '.';
    return text !== undefined && dirname(text) === folder ? basename(text) : undefined;
  };
  if (call === 'write' && args.startsWith('2<')) return { kind: 'told', text: String(strings[0]) };
  const name = named(opened === undefined ? strings[0] : unescaped(opened));
  if (name === undefined) return undefined;
  switch (call) {
    case 'openat':
      return args.includes('O_CREAT')
        ? { kind: 'create', name, isEmptied: args.includes('O_TRUNC') }
        : undefined;
    case 'pwrite64':
      return { kind: 'write', name, at: lastNumber(args), bytes: strings[0] as Buffer };
    case 'write':
      return { kind: 'write', name, at: undefined, bytes: strings[0] as Buffer };
    case 'fsync':
    case 'fdatasync':
      return { kind: 'sync', name };
    case 'ftruncate':
      return { kind: 'truncate', name, length: lastNumber(args) };
    case 'rename':
      return { kind: 'rename', name, to: named(strings[1]) as string };
    case 'unlink':
      return { kind: 'unlink', name };
    default:
      return undefined;
  }
}
