/** A database of which some bytes differ: an answer or a documented error, and no crash. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openReadOnly } from '../../src/store/open-results.ts';
import { openStore } from '../../src/store/store.ts';
import { done, storeWith } from '../store/example.ts';
import { answerOf, type HostileFiles, hostileFiles } from './hostile-files.ts';

export const hostile: HostileFiles = {
  unit: 'changed databases',
  shortRounds: 30,
  // Each takes a file and several syncs.
  longRounds: 10_000,
  attempts(folder, random, rounds) {
    const bytes = smallDatabase(folder);
    const own = join(folder, 'changed');
    const file = join(own, 'results.db');
    return Array.from({ length: rounds }, () => async () => {
      rmSync(own, { recursive: true, force: true });
      mkdirSync(own);
      const changed = Buffer.from(bytes);
      for (let change = 0; change < 1 + 20 * random(); change++) {
        const area = random() < 0.3 ? 100 : changed.length;
        changed[Math.floor(random() * area)] = Math.floor(256 * random());
      }
      writeFileSync(file, changed);
      const reading = await answerOf('a changed database, read', () => readAll(file));
      const opening = await answerOf('a changed database, opened as a store', () => openStore(file).close());
      return reading.fault ?? opening.fault;
    });
  },
};

export const hostileDatabases = hostileFiles(import.meta.url, hostile);

/** The bytes of a database with two trials, made below `folder`. */
export function smallDatabase(folder: string): Buffer {
  const good = join(folder, 'good');
  mkdirSync(good);
  const { path, store } = storeWith(good, [done(0.5), done(0.75)]);
  store.close();
  return readFileSync(path);
}

export function readAll(file: string): void {
  const results = openReadOnly(file);
  try {
    for (const { id } of results.experiments()) {
      for (const trial of results.ranked(id)) results.curve(trial.id);
    }
  } finally {
    results.close();
  }
}
