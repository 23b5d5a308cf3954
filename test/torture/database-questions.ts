/**
 * Everything that coresweep can be asked of a finished run's database, as commands and over the dashboard, and what of an
 * answer is wrong when the database is damaged. Not here: how it is damaged (hostile-databases.ts).
 */
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { Evidence } from '../../src/dashboard/evidence.ts';
import { Pictures } from '../../src/dashboard/pictures.ts';
import { answerTo } from '../../src/dashboard/routes.ts';
import { Source } from '../../src/dashboard/source.ts';
import { exitCodes } from '../../src/errors.ts';
import { tinyDefinition, tinyExperiment, typed } from '../commands/command-line.ts';
import { answerOf } from './hostile-files.ts';
import { content } from './oracle.ts';

/** A run that is finished, with its definition and its pictures. */
export interface FinishedRun {
  readonly definition: string;
  readonly db: string;
  /** Below the folder of results, by their names: all that the run has left. */
  readonly files: ReadonlyMap<string, Buffer>;
}

export interface Question {
  readonly name: string;
  /** The answer as text; throws where there is none, and only what is documented. */
  ask(run: FinishedRun): Promise<string>;
  /** Whether another answer than that of the sound database is right as well: one that speaks of the damage. */
  readonly isOtherwiseRight?: (answer: string, expected: string) => boolean;
}

/** Whose exit code also says that something differs. */
const verifying = 'verify --threads 1';

const commandLines: readonly string[] = [
  ...[
    'leaderboard',
    'leaderboard --format csv',
    'leaderboard --format json',
    'status',
    'status --format json',
  ],
  ...[
    'show 1',
    'show winner',
    'show final',
    'show 2 --format csv',
    'compare 1 2',
    'report --output -',
    'plot',
  ],
  ...['export winner -o -', 'export final --format onnx -o -', 'export 1 --format json -o -'],
  ...['export trials', 'export trials --format jsonl', 'export curves', 'export --format optuna -o -'],
];

export const questions: readonly Question[] = [
  ...commandLines.map((line) => command(line)),
  // Whoever asks in SQL is shown what is there: nothing holds it against its digest.
  ...['SELECT * FROM leaderboard', 'SELECT * FROM curves', 'SELECT * FROM trial'].map(
    (sql): Question => ({ ...command('query', [sql]), isOtherwiseRight: () => true }),
  ),
  {
    ...command(verifying),
    isOtherwiseRight: (answer) => /^\s+\S.*: (?:recorded|epoch) /m.test(answer),
  },
  {
    name: 'check',
    // Where it finds nothing, every record has to be what was written.
    isOtherwiseRight: (answer, expected) => schemaIn(answer) !== schemaIn(expected),
    ask: async ({ db }) => {
      const { exitCode, out, err } = await typed('check', '--db', db);
      if (exitCode === exitCodes.badData && /Restore the file from a copy/.test(out)) throw new Refused(out);
      return exitCode === 0 ? `${out}${content(db)}` : refusal(exitCode, err);
    },
  },
  {
    name: 'run',
    ask: async (run) => {
      const wasSound = isSound(run.db);
      const { exitCode, out, err } = await typed('run', run.definition, '--db', run.db, '--threads', '2');
      if (exitCode === 0 && !wasSound) return 'it went on with a damaged database';
      // What it does not read may be damaged: the models of trials that have not won.
      return exitCode === 0
        ? `${out}${readFileSync(join(dirname(run.db), 'bestmodel.json'))}`
        : refusal(exitCode, err);
    },
  },
  ...['', '/trials', '/curves', '/curves?role=final', '/figures', '/data', '/pictures?count=5'].map((path) =>
    route(`/api/experiments/1${path}`),
  ),
  ...['/api/trials/1', '/api/trials/5', '/api/trials/1/weights', '/api/trials/5/weights?kind=last'].map(
    route,
  ),
];

/** What is no answer, but no fault either. */
class Refused extends Error {}

function refusal(exitCode: number, err: string): never {
  if (exitCode !== 70 && /\[ERR_\w+\]\n$/.test(err) && !/^\s+at /m.test(err)) throw new Refused(err);
  throw new Error(`ended with ${exitCode}: ${err}`);
}

function command(line: string, more: readonly string[] = []): Question {
  return {
    name: [line, ...more].join(' '),
    ask: async ({ db, definition }) => {
      const base = line === verifying ? ['--base', dirname(definition)] : [];
      const { exitCode, out, err } = await typed(...line.split(' '), ...more, ...base, '--db', db);
      if (exitCode !== 0 && (line !== verifying || err !== '')) refusal(exitCode, err);
      const drawn =
        line === 'plot'
          ? out
              .trim()
              .split('\n')
              .map((path) => readFileSync(path, 'utf8'))
          : [];
      return [out, ...drawn].join('\n');
    },
  };
}

function route(address: string): Question {
  return {
    name: address,
    ask: async ({ db }) => {
      const [path = '', query] = address.split('?');
      using source = new Source(db);
      const shown = { source, pictures: new Pictures(db), evidence: new Evidence() };
      const { status, body } = await answerTo(path, new URLSearchParams(query), shown);
      return `${status} ${Buffer.from(body).toString('latin1')} ${JSON.stringify(source.state())}`;
    },
  };
}

/** The texts of the schema have no digest. */
const schemaIn = (text: string) => /^sqlite_schema: .*$/m.exec(text)?.[0];

/** Whether SQLite itself finds nothing. */
function isSound(path: string): boolean {
  try {
    const db = new Database(path);
    try {
      return db.pragma('quick_check(1)', { simple: true }) === 'ok';
    } finally {
      db.close();
    }
  } catch {
    return false;
  }
}

/** Runs the tiny experiment once, below `folder`. */
export async function finishedRun(folder: string): Promise<FinishedRun> {
  const { definition, db } = tinyExperiment(folder);
  writeFileSync(definition, tinyDefinition);
  const { exitCode, err } = await typed('run', definition, '--db', db, '--threads', '2');
  if (exitCode !== 0) throw new Error(`The tiny experiment failed by itself: ${err}`);
  const results = join(folder, 'results');
  const files = readdirSync(results).map((name) => [name, readFileSync(join(results, name))] as const);
  return { definition, db, files: new Map(files) };
}

/** Puts back all that the run has left, with another database. */
export function restore({ db, files }: FinishedRun, database: Buffer): void {
  const folder = dirname(db);
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  for (const [name, bytes] of files) writeFileSync(join(folder, name), bytes);
  writeFileSync(db, database);
}

/** What is wrong with the answer to a question about a damaged database; undefined where nothing is. */
export async function faultOf(
  { name, ask, isOtherwiseRight }: Question,
  run: FinishedRun,
  expected: string,
): Promise<string | undefined> {
  const { value, fault } = await answerOf(name, () =>
    ask(run).catch((error: unknown) => {
      if (error instanceof Refused) return undefined;
      throw error;
    }),
  );
  if (fault !== undefined) return fault;
  if (value === undefined || value === 'an answer' || value === expected) return undefined;
  const answer = String(value);
  if (isOtherwiseRight?.(answer, expected)) return undefined;
  const at = [...expected].findIndex((character, index) => character !== answer[index]);
  return `${name}: ${JSON.stringify(answer.slice(Math.max(0, at - 60), at + 100))} in place of ${JSON.stringify(expected.slice(Math.max(0, at - 60), at + 100))}`;
}
