/** The paper's run with all its epochs, held against the hashes of the first stage: `npm run check:paper`. */
import { deepStrictEqual } from 'node:assert';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paperHashes } from './paper-hashes.ts';

const folder = mkdtempSync(join(tmpdir(), 'coresweep-paper-'));
try {
  const { found, wanted } = await paperHashes(100, folder);
  deepStrictEqual(found, wanted);
  console.log('The ten trainings of the paper have the pinned hashes.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
