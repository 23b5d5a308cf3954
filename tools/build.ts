/** Builds dist/, which is what the package holds: src as JavaScript and declarations, with the files that it reads. */
import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pageModules } from '../src/dashboard/assets.ts';

const root = join(import.meta.dirname, '..');
const dist = join(root, 'dist');

rmSync(dist, { recursive: true, force: true });
const tsc = join(root, 'node_modules/typescript/bin/tsc');
execFileSync(process.execPath, [tsc, '-p', join(import.meta.dirname, 'tsconfig.build.json')], {
  stdio: 'inherit',
});
// What the code reads from beside itself; the dashboard takes the types out of its page's modules when it starts.
for (const file of [
  ...['kernel/mlp.wasm', 'store/schema.sql', 'store/views.sql', 'export/optuna.sql'],
  ...['report/page/report.css', 'report/page/report.js'],
  ...['dashboard/page/index.html', 'dashboard/page/style.css', 'dashboard/page/icon.svg'],
  ...pageModules,
]) {
  cpSync(join(root, 'src', file), join(dist, file));
}
// npm makes a package's bin executable when it installs it; `npm link` and others do not.
chmodSync(join(dist, 'bin.js'), 0o755);
