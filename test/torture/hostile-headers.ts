/** Every value of every byte in the headers of IDX files. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadData } from '../../src/data/dataset.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';
import { answerOf, type HostileFiles, hostileFiles } from './hostile-files.ts';

/** The bytes of a header: the magic number, the count, and the size of a picture. */
const headers = { 'train-images-idx3-ubyte': 16, 'train-labels-idx1-ubyte': 8 };

export const hostile: HostileFiles = {
  unit: 'headers of IDX files',
  shortRounds: 300,
  longRounds: Number.POSITIVE_INFINITY,
  attempts(folder) {
    writeTinyIdx(folder, { train: 6, test: 3, rows: 3, columns: 3 });
    return Object.entries(headers).flatMap(([name, headerBytes]) => {
      const path = join(folder, name);
      const bytes = readFileSync(path);
      return Array.from({ length: 256 * headerBytes }, (_, index) => async () => {
        const [at, value] = [index >> 8, index & 255];
        const changed = Buffer.from(bytes);
        changed[at] = value;
        writeFileSync(path, changed);
        const what = `${name} with ${value} at byte ${at}`;
        const answer = await answerOf(what, () => loadTiny(folder));
        writeFileSync(path, bytes);
        const isRight = (answer.value !== undefined) === (bytes[at] === value);
        return answer.fault ?? (isRight ? undefined : `${what} was ${answer.value ? 'taken' : 'refused'}`);
      });
    });
  },
};

export const hostileHeaders = hostileFiles(import.meta.url, hostile);

export const loadTiny = (folder: string) =>
  loadData({ source: 'idx', folder, train: [0, 3], validation: [3, 6], test: [0, 3], pixels: '0-1' }, folder);
