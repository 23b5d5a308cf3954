/** The five readings of the paper with all their epochs, held against the README's table: `npm run check:readings`. */
import { strictEqual } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../source.ts';

const rowsOf = (text: string): string =>
  text
    .split('\n')
    .filter((line) => /^\| (?:gradient|sum|mean) \|/.test(line))
    .join('\n');

const folder = mkdtempSync(join(tmpdir(), 'coresweep-readings-'));
try {
  const program = ['--conditions=coresweep-source', join(root, 'experiments/readings.ts')];
  const options = ['--db', join(folder, 'readings.db')];
  const printed = execFileSync(process.execPath, [...program, ...options], { cwd: root, encoding: 'utf8' });
  strictEqual(rowsOf(readFileSync(join(root, 'README.md'), 'utf8')), rowsOf(printed));
  console.log('The readings of the paper are those of the README.');
} finally {
  rmSync(folder, { recursive: true, force: true });
}
