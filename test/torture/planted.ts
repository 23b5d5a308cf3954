/**
 * Deliberate bugs, each with the suite that must catch it. A bug is planted in a copy of the whole; coresweep's own code
 * has no switch for it.
 */
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PlantedFault {
  readonly what: string;
  /** The suite that must find it, and with how many rounds. */
  readonly suite: string;
  readonly rounds: number;
  readonly seed?: number;
  /** Below src. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

/** For every suite that goes on with a run: the answers stay the same, and only counts, times and spans show it. */
const retrains = (suite: string, rounds: number): PlantedFault => ({
  what: 'each run trains a finished trial again',
  suite,
  rounds,
  file: 'store/store.ts',
  before: '  write(interruptedOn(db, seals))();\n',
  after: `
  write(interruptedOn(db, seals))();
  write(() => {
    const id = db.prepare("SELECT id FROM trial WHERE state = 'done' LIMIT 1").pluck().get();
    if (id === undefined) return;
    for (const table of ['report', 'artifact', 'span']) db.prepare('DELETE FROM ' + table + ' WHERE trial_id = ?').run(id);
    const again = "UPDATE trial SET state = 'waiting', attempts = 0, best_step = NULL, best_sha256 = NULL, last_sha256 = NULL WHERE id = ?";
    seals.change('trial', id, () => db.prepare(again).run(id).changes);
  })();
`,
});

/** For every suite that kills: the next run removes what a killed one has left. */
const removesByName = (suite: string, rounds: number): PlantedFault => ({
  what: 'leftovers are known by their name alone',
  suite,
  rounds,
  file: 'files/leftovers.ts',
  before: 'if (beginsAsOurs(path)) rmSync',
  after: 'rmSync',
});

export const plantedFaults: readonly PlantedFault[] = [
  retrains('kills', 6),
  retrains('chains', 1),
  retrains('kills-at-calls', 12),
  retrains('disk-errors', 12),
  retrains('power-cuts', 60),
  retrains('small-disk', 6),
  retrains('first-process', 1),
  retrains('lost-permission', 3),
  retrains('starts', 1),
  retrains('signals', 6),
  removesByName('kills', 1),
  removesByName('chains', 1),
  removesByName('kills-at-calls', 1),
  removesByName('power-cuts', 1),
  removesByName('small-disk', 1),
  removesByName('signals', 1),
  removesByName('signals-to-verbs', 1),
  {
    what: 'a result is told before it is recorded',
    suite: 'kills',
    rounds: 12,
    file: 'sweep/run-trial.ts',
    before: 'await commit(() => {\n    if (isPaused)',
    after:
      "onEvent({ kind: 'trial finished', trial, outcome }); await new Promise((r) => setTimeout(r, 40)); await commit(() => {\n    if (isPaused)",
  },
  {
    what: 'a checkpoint keeps six digits of each weight',
    suite: 'chains',
    rounds: 2,
    file: 'train/checkpoint-bytes.ts',
    before: "  const parameters = new Float32Array(block('parameters').slice().buffer);",
    after:
      "  const parameters = new Float32Array(block('parameters').slice().buffer).map((value) => Number(value.toPrecision(6)));",
  },
  {
    what: "a trial's state is written before its epochs, in a transaction of its own",
    suite: 'kills-at-calls',
    rounds: 60,
    file: 'store/trial-records.ts',
    before: 'dropCheckpoint.run(trialId);\n      const hashes',
    after:
      "rows.change(row, outcomeRow(outcome)); db.exec('COMMIT'); db.exec('BEGIN IMMEDIATE'); dropCheckpoint.run(trialId);\n      const hashes",
  },
  {
    what: 'bestmodel.json is written in place',
    // kills-at-calls finds it as well, at one of its 220 instants.
    suite: 'power-cuts',
    rounds: 60,
    file: 'files/write-whole.ts',
    before: "putInPlace(path, (temporary) => writeFileSync(temporary, content, { flag: 'wx' }));",
    after: 'writeFileSync(path, content);',
  },
  {
    what: 'errors of the disk are passed over',
    suite: 'disk-errors',
    rounds: 16,
    file: 'store/explained.ts',
    before: 'explainedBy((error) => explanation(path, error), act);',
    after:
      'explainedBy((error) => explanation(path, error), (...args: Args) => { try { return act(...args); } catch (error) { if (String(error).includes("disk")) return undefined as Result; throw error; } });',
  },
  {
    what: 'temporary files are named by the number of their process alone',
    suite: 'first-process',
    rounds: 1,
    file: 'files/write-whole.ts',
    before: 'randomUUID()',
    after: '0',
  },
  {
    what: 'what a namesake has left is taken for that of a process at work',
    suite: 'first-process',
    rounds: 1,
    file: 'files/leftovers.ts',
    before: 'pid !== process.pid && ',
    after: '',
  },
  {
    what: 'what the file system says is passed on as it is',
    suite: 'lost-permission',
    rounds: 4,
    file: 'files/file-faults.ts',
    before: '? errors.fileSystemFault(path, error)',
    after: '? error',
  },
  {
    what: 'nobody holds the lock by which a database is owned',
    suite: 'starts',
    rounds: 3,
    file: 'store/ownership.ts',
    before: "lock.exec('BEGIN EXCLUSIVE');",
    after: '',
  },
  {
    what: 'whoever owns a database is looked for beside its path as it is spelled',
    suite: 'starts',
    rounds: 1,
    file: 'store/database-file.ts',
    before: 'const file = explained(path, linkedFile)(path);',
    after: 'const file = path;',
  },
  {
    what: 'a database may have two names',
    suite: 'starts',
    rounds: 1,
    file: 'store/database-file.ts',
    before: 'if (nlink > 1) throw errors.databaseLinked(path, nlink);',
    after: '',
  },
  {
    what: 'a verb is new',
    suite: 'signals-to-verbs',
    rounds: 1,
    file: 'cli.ts',
    before: '  schema: async () =>',
    after: "  scheme: async () => (await import('./commands/schema.ts')).schema,\n  schema: async () =>",
  },
  {
    what: 'every verb listens to signals, whether or not it can act on them',
    suite: 'signals-to-verbs',
    rounds: 32,
    file: 'bin.ts',
    before: 'let stop: AbortSignal | undefined;',
    after: 'let stop: AbortSignal | undefined = stopSignal();',
  },
  {
    what: 'a run that a signal has stopped looks like one that is done',
    suite: 'signals',
    rounds: 6,
    file: 'bin.ts',
    before: 'process.exitCode = stoppedBy() ?? brokenOutput ?? code;',
    after: 'process.exitCode = brokenOutput ?? code;',
  },
  {
    what: 'an arena is used again before the thread that died in it has ended',
    suite: 'workers',
    rounds: 2,
    file: 'execute/network/thread.ts',
    before: 'await end(current);\n        return',
    after: 'void end(current);\n        return',
  },
  {
    what: 'a thread that does not get any further is left alone',
    suite: 'workers',
    rounds: 1,
    file: 'execute/watchdog.ts',
    before: 'onVerdict(verdict);',
    after: '',
  },
  {
    what: 'without synchronous writes',
    suite: 'power-cuts',
    rounds: 60,
    file: 'store/database.ts',
    before: "db.pragma('synchronous = FULL');",
    after: "db.pragma('synchronous = OFF');",
  },
  {
    what: 'a renamed file is there before its folder is on the disk',
    suite: 'power-cuts',
    rounds: 60,
    file: 'files/write-whole.ts',
    before: "if (process.platform !== 'win32') withFile(dirname(path), 'r', fsyncSync);",
    after: '',
  },
  {
    what: 'a file is renamed before its bytes are on the disk',
    suite: 'power-cuts',
    rounds: 60,
    file: 'files/write-whole.ts',
    before: "withFile(temporary, 'r+', fsyncSync);",
    after: '',
  },
  {
    what: 'what a model file says besides its weights is believed',
    suite: 'hostile-models',
    rounds: 2_000,
    file: 'model/model-file.ts',
    before: 'if (actual !== recorded)',
    after: 'if (actual === "")',
  },
  {
    what: 'nobody asks whether the tensors fill their file',
    suite: 'cut-off',
    rounds: 2_000,
    file: 'model/safetensors.ts',
    before: 'refuseGaps(entries, file.length - dataAt, refuse);',
    after: '',
  },
  {
    what: 'what the parser says of a definition is passed on as it is',
    suite: 'hostile-definitions',
    rounds: 300,
    file: 'experiment/parse.ts',
    before:
      'if (fault !== undefined) return refuse(faultInWords(fault), lines.linePos(fault.pos[0]), fault);',
    after: 'if (fault !== undefined) throw fault;',
  },
  {
    what: 'a database is believed to hold nothing but what we wrote',
    suite: 'hostile-databases',
    rounds: 600,
    file: 'store/explained.ts',
    before: "return error.message === 'malformed JSON' ? errors.databaseDamaged(path, error) : error;",
    after: 'return error;',
  },
  {
    what: 'a record is held against no digest',
    suite: 'hostile-databases',
    rounds: 300,
    file: 'store/digest.ts',
    before: 'if (digest !== undefined && digest !== rowDigest(table, row))',
    after: 'if (digest === 0)',
  },
  {
    what: 'nobody checks a database that is opened for writing',
    suite: 'hostile-databases',
    rounds: 1_000,
    file: 'store/usable-file.ts',
    before: "const faults = db.pragma('quick_check(1)', { simple: true }) as string;",
    after: "const faults = 'ok' as string;",
  },
  {
    what: 'a table is exported as it is',
    suite: 'hostile-databases',
    rounds: 600,
    file: 'commands/export.ts',
    before: 'const trials = results.trials(experiment.id);',
    after: 'const trials: { id: number }[] = [];',
  },
  {
    what: 'any magic number is an IDX file',
    suite: 'hostile-headers',
    rounds: 1_000,
    file: 'data/idx.ts',
    before: 'if (end >= 4 && found !== magic)',
    after: 'if (end < 0)',
  },
  {
    what: 'a quote that is written twice is looked for again where it was found',
    suite: 'hostile-csv',
    rounds: 300,
    file: 'data/csv.ts',
    before: "quote = text.indexOf('\"', quote + 2);",
    after: "quote = text.indexOf('\"', quote);",
  },
  {
    what: 'a quote that is written twice stays so',
    suite: 'hostile-csv',
    rounds: 300,
    file: 'data/csv.ts',
    before: `field.replaceAll('""', '"')`,
    after: 'field',
  },
  {
    what: 'a picture may have any depth',
    suite: 'hostile-png',
    rounds: 300,
    file: 'data/png.ts',
    before: '&& colour.depths.includes(depth)',
    after: '&& (depth <= 16 || colour.depths.includes(depth))',
  },
  {
    what: 'a picture takes the memory of twelve',
    suite: 'hostile-png',
    rounds: 300,
    file: 'data/png.ts',
    before: 'new Float32Array(width * height);',
    after: 'new Float32Array(12 * width * height).fill(0).subarray(0, width * height);',
  },
  {
    what: 'a picture may be of any size',
    suite: 'hostile-png',
    rounds: 300,
    file: 'data/png.ts',
    before: '|| width * height > maxPixels',
    after: '',
  },
];

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The file with the fault in it; throws where the text that it changes is not there, or more than once. */
export function faultySource({ file, before, after, what }: PlantedFault): string {
  const source = readFileSync(join(root, 'src', file), 'utf8');
  const places = source.split(before).length - 1;
  if (places !== 1) throw new Error(`"${what}" cannot be planted: ${file} holds ${before} ${places} times`);
  return source.replace(before, () => after);
}

/**
 * How the suite of a planted fault came out on a copy that holds it: undefined where it found nothing.
 * @throws where the suite did not come to its end, as with a fault that lets no sweep run at all
 */
export function caught(fault: PlantedFault): Promise<string | undefined> {
  const copy = mkdtempSync(join(tmpdir(), 'coresweep-planted-'));
  for (const name of ['src', 'test', 'package.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  writeFileSync(join(copy, 'src', fault.file), faultySource(fault));
  const { suite, rounds, seed = 1 } = fault;
  const args = [join(copy, 'test/torture/run.ts'), suite, '--rounds', String(rounds), '--seed', String(seed)];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { maxBuffer: 1e8 }, (error, stdout, stderr) => {
      rmSync(copy, { recursive: true, force: true });
      if (error === null) resolve(undefined);
      else if (stdout === '') reject(new Error(`"${fault.what}" does not let ${suite} run: ${stderr}`));
      else resolve(stdout);
    });
  });
}
