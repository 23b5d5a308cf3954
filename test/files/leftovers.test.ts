import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import t from 'tap';
import { removeLeftovers } from '../../src/files/leftovers.ts';
import { temporaryPath, writeWhole } from '../../src/files/write-whole.ts';

/** The number of a process that has ended. */
const { pid: gone } = spawnSync(process.execPath, ['--version']);

/** A temporary name that the process `pid` would have given. */
const nameBy = (pid: number): string =>
  basename(temporaryPath('x')).replace(String(process.pid), String(pid));

t.test('what a dead process was about to write goes, however little of it there is', async (t) => {
  const folder = t.testdir();
  const png = Buffer.from('\x89PNG\r\n\x1a\n and more', 'latin1');
  const model = '{\n  "format": "coresweep-model",\n  "version": 1';
  for (const content of [
    '',
    '{\n  "for',
    model,
    '<!doctype html><html',
    '<svg width',
    png,
    'SQLite format 3\0...',
  ]) {
    writeFileSync(`${folder}/${nameBy(gone)}`, content);
  }
  removeLeftovers(folder);
  t.strictSame(readdirSync(folder), []);
});

t.test("other people's files stay, whatever their names end with", async (t) => {
  const folder = t.testdir();
  for (const name of [
    'thesis.2024.tmp',
    `bestmodel.json.${gone}.tmp`,
    `coresweep-${gone}.tmp`,
    `a-${nameBy(gone)}`,
  ]) {
    writeFileSync(`${folder}/${name}`, '');
  }
  writeFileSync(`${folder}/${nameBy(gone)}`, 'my thesis');
  mkdirSync(`${folder}/${nameBy(gone)}`);
  symlinkSync('thesis.2024.tmp', `${folder}/${nameBy(gone)}`);
  const before = readdirSync(folder);
  removeLeftovers(folder);
  t.strictSame(readdirSync(folder), before);
});

t.test(
  'what a living process is about to write stays, unless it has only the number of this one',
  async (t) => {
    const folder = t.testdir();
    const living = nameBy(process.ppid);
    for (const name of [living, nameBy(process.pid)]) writeFileSync(`${folder}/${name}`, '');
    removeLeftovers(folder);
    t.strictSame(readdirSync(folder), [living]);
  },
);

t.test(
  'a namesake of a process that was killed in the middle of a file writes it all the same',
  async (t) => {
    const folder = t.testdir();
    writeFileSync(`${folder}/bestmodel.json.${process.pid}.tmp`, 'of an older version');
    for (let times = 0; times < 3; times += 1) {
      writeFileSync(temporaryPath(`${folder}/bestmodel.json`), '{');
      writeWhole(`${folder}/bestmodel.json`, `written ${times}`);
      t.equal(readFileSync(`${folder}/bestmodel.json`, 'utf8'), `written ${times}`);
    }
  },
);
