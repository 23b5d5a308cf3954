/**
 * The floors of src, as one table, and what breaks them.
 * A file imports its own room and the floors below: never up, never sideways.
 */
import { posix } from 'node:path';
import { importsOf, packageOf, withoutComments } from './source.ts';

/** What code can know of the world outside it, and how that shows. */
const knowledge = {
  files: /['"]node:(?:fs|fs\/promises)['"]/,
  threads: /['"]node:(?:worker_threads|child_process|cluster)['"]|['"]piscina['"]/,
  Piscina: /['"]piscina['"]/,
  SQL: /['"]better-sqlite3['"]|\bSELECT\s[^'"]*\bFROM\b|\b(?:INSERT INTO|DELETE FROM|CREATE TABLE|PRAGMA|UPDATE) \w/,
  clocks: /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bprocess\.hrtime\b/,
  // randomUUID makes names, for temporary files and the like, and no numbers.
  chance: /\bMath\.random\b|\bgetRandomValues\b|\brandom(?:Bytes|Int|FillSync|Fill)\b/,
  // Engines may round these differently; exp and log are the kernels' own float32 polynomials.
  'inexact mathematics':
    /\bMath\.(?:exp|expm1|log|log1p|log2|log10|pow|sin|cos|tan|asin|acos|atan|atan2|sinh|cosh|tanh|asinh|acosh|atanh|cbrt|hypot)\b/,
  terminals: /\bprocess\.std(?:in|out|err)\b|\bconsole\.|['"]node:(?:tty|readline|readline\/promises)['"]/,
} as const;

type Knowledge = keyof typeof knowledge;

interface Floor {
  readonly floor: number;
  /** First folder of a path below src, or the file's name without .ts. */
  readonly rooms: readonly string[];
  readonly mustNotKnow: readonly Knowledge[];
  /** Rooms on lower floors that are out of bounds all the same. */
  readonly mustNotImport?: readonly string[];
}

const pure = ['files', 'threads', 'SQL', 'clocks', 'chance', 'terminals', 'inexact mathematics'] as const;

export const floors: readonly Floor[] = [
  { floor: 9, rooms: ['bin', 'cli', 'signals'], mustNotKnow: [] },
  { floor: 8, rooms: ['commands', 'index'], mustNotKnow: [] },
  {
    floor: 7,
    rooms: ['report', 'dashboard'],
    mustNotKnow: ['threads', 'SQL', 'terminals'],
    mustNotImport: ['execute'],
  },
  {
    floor: 6,
    rooms: ['figures', 'terminal', 'export'],
    mustNotKnow: ['threads'],
    mustNotImport: ['execute'],
  },
  {
    floor: 5.7,
    rooms: ['findings'],
    mustNotKnow: ['threads', 'SQL', 'terminals'],
    mustNotImport: ['execute'],
  },
  { floor: 5.5, rooms: ['words'], mustNotKnow: ['files', 'threads', 'SQL', 'chance', 'terminals'] },
  { floor: 5, rooms: ['sweep'], mustNotKnow: ['Piscina', 'SQL', 'terminals'] },
  // Above the executors, because a worker of the queue runs its trials on them.
  { floor: 4.7, rooms: ['queue'], mustNotKnow: ['SQL', 'terminals'], mustNotImport: ['search'] },
  { floor: 4, rooms: ['execute'], mustNotKnow: ['SQL', 'terminals'], mustNotImport: ['search'] },
  {
    floor: 3,
    rooms: ['experiment', 'data', 'store', 'objective'],
    mustNotKnow: ['threads', 'clocks', 'chance', 'terminals'],
  },
  { floor: 2.8, rooms: ['model'], mustNotKnow: ['threads', 'SQL', 'clocks', 'chance', 'terminals'] },
  { floor: 2.5, rooms: ['files'], mustNotKnow: ['threads', 'SQL', 'clocks', 'chance', 'terminals'] },
  { floor: 2, rooms: ['search', 'prune', 'evidence', 'train'], mustNotKnow: pure },
  {
    floor: 1,
    rooms: ['space', 'metric', 'machine', 'kernel', 'fronts', 'refuse-old-node'],
    mustNotKnow: pure,
  },
  {
    floor: 0,
    rooms: ['trial', 'errors', 'random', 'exact', 'objective-function', 'node-version'],
    mustNotKnow: pure,
  },
];

interface Exception {
  readonly file: string;
  readonly knows: Knowledge;
  readonly because: string;
}

/** What one file may know against its floor's rule. */
const exceptions: readonly Exception[] = [
  { file: 'execute/function-worker.ts', knows: 'terminals', because: 'it takes what objectives print' },
  {
    file: 'files/place-of-fault.ts',
    knows: 'threads',
    because: 'a process of its own parses what does not parse',
  },
  { file: 'kernel/simd.ts', knows: 'files', because: 'it reads its own mlp.wasm' },
  { file: 'errors.ts', knows: 'SQL', because: 'a message shows an example of a query' },
];

/** Only bin starts the others: it checks the Node version before anything native is imported. */
const mayMeet = (from: string, to: string): boolean => from === 'bin' && (to === 'cli' || to === 'signals');

const roomOf = (file: string): string => (file.split('/')[0] as string).replace(/\.ts$/, '');
const floorOf = (room: string): Floor | undefined => floors.find(({ rooms }) => rooms.includes(room));

/** One sentence for each import or piece of knowledge that breaks a floor. @param files names below src, to their text */
export function floorFaults(files: ReadonlyMap<string, string>): string[] {
  return [...files].flatMap(([file, source]) => {
    const floor = floorOf(roomOf(file));
    if (floor === undefined)
      return [`${file} is in no room: give "${roomOf(file)}" a floor in test/floors.ts.`];
    const imported = importsOf(source).filter((specifier) => packageOf(specifier) === undefined);
    const broken = imported.map((specifier) => importFault(file, floor, specifier));
    return [...broken.filter((fault) => fault !== undefined), ...knowledgeFaults(file, floor, source)];
  });
}

function importFault(file: string, from: Floor, specifier: string): string | undefined {
  const target = posix.join(posix.dirname(file), specifier);
  // Its version stands in package.json only.
  if (target === '../package.json') return undefined;
  const who = `${file} (floor ${from.floor}) imports ${target}`;
  if (target.startsWith('..')) return `${who}, which lies outside src.`;
  const room = roomOf(target);
  if (room === roomOf(file) || mayMeet(roomOf(file), room)) return undefined;
  const to = floorOf(room);
  if (to === undefined) return `${who}, which is in no room.`;
  if (to.floor > from.floor) return `${who} (floor ${to.floor}): a file never imports from a floor above.`;
  if (to.floor === from.floor)
    return `${who} (floor ${to.floor}): rooms on one floor do not know each other.`;
  if (from.mustNotImport?.includes(room)) return `${who}: ${roomOf(file)} must not know ${room}.`;
  return undefined;
}

function knowledgeFaults(file: string, { floor, mustNotKnow }: Floor, source: string): string[] {
  const code = withoutComments(source);
  const excepted = exceptions.filter((exception) => exception.file === file).map(({ knows }) => knows);
  return mustNotKnow
    .filter((name) => !excepted.includes(name))
    .flatMap((name) => {
      const found = knowledge[name].exec(code)?.[0];
      return found ? [`${file} (floor ${floor}) must not know about ${name}, but it holds ${found}.`] : [];
    });
}
