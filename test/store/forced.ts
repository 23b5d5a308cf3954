/** A final training from other weights than the winner's, as earlier versions could be made to start one (--force-model). */
import Database from 'better-sqlite3';
import { rowDigest } from '../../src/store/digest.ts';
import { sealedRows } from '../../src/store/seals.ts';

/** @param sha256 the weights that the final trial of that number has started from */
export function forceFinal(path: string, experimentId: number, number: number, sha256: string): void {
  const db = new Database(path);
  db.prepare("UPDATE trial SET start_sha256 = ?, start_forced = 1 WHERE role = 'final' AND number = ?").run(
    sha256,
    number,
  );
  db.prepare('UPDATE experiment SET forced_sha256 = ? WHERE id = ?').run(sha256, experimentId);
  for (const table of ['experiment', 'trial'] as const)
    for (const row of db.prepare<[], { id: number }>(sealedRows[table]).all())
      db.prepare(`UPDATE ${table} SET digest = ? WHERE id = ?`).run(rowDigest(table, row), row.id);
  db.close();
}
