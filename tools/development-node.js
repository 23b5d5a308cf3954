/**
 * Runs after npm has installed: puts this repository's Node, which comes as one package a platform, where npm's scripts find
 * it first. npm 11 does so itself; npm 10 removes the link again, with the packages of other platforms, whose bin has the same
 * name. Then bundles src for a sooner start. Plain JavaScript, for the Node that npm itself runs on.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, linkSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const isWindows = process.platform === 'win32';
const name = `node-${isWindows ? 'win' : process.platform}-${process.arch}`;
const program = isWindows ? 'node.exe' : 'node';
const modules = fileURLToPath(new URL('../node_modules', import.meta.url));
const installed = join(modules, name, 'bin', program);

if (existsSync(installed)) {
  const link = join(modules, '.bin', program);
  rmSync(link, { force: true });
  // A link by name needs a right of its own on Windows.
  if (isWindows) linkSync(installed, link);
  else symlinkSync(join('..', name, 'bin', program), link);
} else {
  console.warn(
    `No Node comes for ${process.platform} on ${process.arch}: npm's scripts run on your own, 24 or later.`,
  );
}

// Where it cannot be, for want of what is only for development, coresweep starts from src.
spawnSync(existsSync(installed) ? installed : process.execPath, [join(modules, '../tools/bundle.ts')], {
  stdio: 'ignore',
});
