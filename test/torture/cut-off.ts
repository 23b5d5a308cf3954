/** Files that end too early, or too late, at every length: refused, and left as they are. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { readModelFile, writeModelFile } from '../../src/model/model-file.ts';
import { readSafetensors, safetensorsOf } from '../../src/model/safetensors.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { openStore } from '../../src/store/store.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';
import { done, storeWith } from '../store/example.ts';
import { type Attempt, answerOf, type HostileFiles, hostileFiles } from './hostile-files.ts';
import { loadTiny } from './hostile-headers.ts';
import { isSameModel, smallModel } from './hostile-models.ts';

interface Whole {
  readonly path: string;
  readonly bytes: Buffer;
  read(): unknown;
  /** Whether a file that was cut off says the same as the whole one. */
  isRight?(cut: Buffer): boolean;
}

export const hostile: HostileFiles = {
  unit: 'lengths of files',
  shortRounds: 500,
  longRounds: Number.POSITIVE_INFINITY,
  attempts: (folder) =>
    [idx(folder, ''), idx(folder, '.gz'), model(folder), safetensors(folder), database(folder)].flat(),
};

export const cutOff = hostileFiles(import.meta.url, hostile);

/** One attempt a length, up to some bytes more than the whole. */
const lengthsOf = (whole: Whole): Attempt[] =>
  Array.from({ length: whole.bytes.length + 64 }, (_, index) => async () => {
    const { path, bytes, read, isRight } = whole;
    const length = index < bytes.length ? index : index + 1;
    const cut = Buffer.concat([bytes, Buffer.alloc(64 + 1)]).subarray(0, length);
    writeFileSync(path, cut);
    const what = `${path} of ${length} bytes, not ${bytes.length}`;
    const { value, fault } = await answerOf(what, read);
    const isLeft = readFileSync(path).equals(cut);
    writeFileSync(path, bytes);
    if (fault !== undefined) return fault;
    if (value !== undefined) return isRight?.(cut) ? undefined : `${what} was taken`;
    return isLeft ? undefined : `${what} was refused, but changed`;
  });

function idx(parent: string, end: '' | '.gz'): Attempt[] {
  const folder = join(parent, `idx${end}`);
  writeTinyIdx(folder, { train: 6, test: 3, rows: 3, columns: 3 });
  return readdirSync(folder)
    .filter((name) => name.startsWith('train'))
    .flatMap((name) => {
      const plain = readFileSync(join(folder, name));
      const bytes = end === '' ? plain : gzipSync(plain);
      if (end !== '') rmSync(join(folder, name));
      const path = join(folder, `${name}${end}`);
      writeFileSync(path, bytes);
      return lengthsOf({ path, bytes, read: () => loadTiny(folder) });
    });
}

function model(folder: string): Attempt[] {
  const path = join(folder, 'bestmodel.json');
  writeModelFile(path, smallModel);
  const bytes = readFileSync(path);
  return lengthsOf({
    path,
    bytes,
    read: () => readModelFile(path),
    isRight: (cut) => isSameModel(cut, bytes),
  });
}

function safetensors(folder: string): Attempt[] {
  const path = join(folder, 'model.safetensors');
  const bytes = Buffer.from(safetensorsOf(smallModel));
  return lengthsOf({ path, bytes, read: () => readSafetensors(path) });
}

/** The bytes of a database with two trials, made below `folder`. */
function smallDatabase(folder: string): Buffer {
  const good = join(folder, 'good');
  mkdirSync(good);
  const { path, store } = storeWith(good, [done(0.5), done(0.75)]);
  store.close();
  return readFileSync(path);
}

function readAll(file: string): void {
  const results = openReadOnly(file);
  try {
    for (const { id } of results.experiments()) {
      for (const trial of results.ranked(id)) results.reports(trial.id);
    }
  } finally {
    results.close();
  }
}

function database(folder: string): Attempt[] {
  const bytes = smallDatabase(folder);
  const own = join(folder, 'database');
  const path = join(own, 'results.db');
  mkdirSync(own);
  return lengthsOf({
    path,
    bytes,
    async read() {
      // A reader does not look at all of it, and so may have an answer.
      const { fault } = await answerOf(path, () => readAll(path));
      if (fault !== undefined) throw new Error(fault);
      try {
        openStore(path).close();
      } finally {
        for (const name of readdirSync(own)) if (name !== 'results.db') rmSync(join(own, name));
      }
    },
    // An empty file is a new database; what follows the last page is none of SQLite's business.
    isRight: ({ length }) => length === 0 || length > bytes.length,
  });
}
