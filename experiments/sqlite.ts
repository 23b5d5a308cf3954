// Nothing to learn here: which pragmas make SQLite insert and find 6,000 rows in the least time on this disk.
// One thread, for trials that share the disk would measure each other; times differ from machine to machine.
//   npm run coresweep -- run experiments/sqlite.ts --threads 1
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { defineExperiment } from 'coresweep';

const rows = 6_000;

export default defineExperiment({
  name: 'sqlite pragmas',
  deterministic: false,
  space: {
    pageSize: [1_024, 4_096, 16_384],
    // Negative is KiB.
    cacheSize: [-64, -16_000],
    synchronous: ['off', 'normal', 'full'],
    mmapSize: [0, 268_435_456],
  },
  metrics: { milliseconds: 'minimise', insert: 'none', query: 'none' },
  objective({ params }) {
    const folder = mkdtempSync(join(tmpdir(), 'coresweep-sqlite-'));
    const db = new Database(join(folder, 'rows.db'));
    try {
      db.pragma(`page_size = ${params.pageSize}`);
      db.pragma('journal_mode = wal');
      db.pragma(`cache_size = ${params.cacheSize}`);
      db.pragma(`synchronous = ${params.synchronous}`);
      db.pragma(`mmap_size = ${params.mmapSize}`);
      db.exec('CREATE TABLE event (id INTEGER PRIMARY KEY, kind INTEGER, text TEXT)');
      db.exec('CREATE INDEX by_kind ON event (kind)');
      const insert = milliseconds(() => insertAll(db));
      const query = milliseconds(() => askAll(db));
      return { milliseconds: insert + query, insert, query };
    } finally {
      db.close();
      rmSync(folder, { recursive: true });
    }
  },
});

/** In transactions of a hundred, as a server that must not lose what it has answered. */
function insertAll(db: Database.Database): void {
  const insert = db.prepare('INSERT INTO event (kind, text) VALUES (?, ?)');
  const hundred = db.transaction((first: number) => {
    for (let row = first; row < first + 100; row++) insert.run((row * 7_919) % 1_000, 'x'.repeat(row % 200));
  });
  for (let row = 0; row < rows; row += 100) hundred(row);
}

function askAll(db: Database.Database): void {
  const ask = db.prepare('SELECT count(*), max(length(text)) FROM event WHERE kind = ?');
  for (let kind = 0; kind < 1_000; kind++) ask.get(kind);
}

function milliseconds(act: () => void): number {
  const began = performance.now();
  act();
  return performance.now() - began;
}
