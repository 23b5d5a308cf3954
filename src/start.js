/**
 * Starts coresweep in this repository, with the compile cache on: for a first file of TypeScript, Node would load the parser
 * that takes its types out, anew each time, and that takes longer than all other loading. The package holds JavaScript.
 * Where no file has changed since tools/bundle.ts has made one of them, a bundle is started, which loads sooner.
 */
import { readFileSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const { enableCompileCache } = await import('node:module');
const cache = new URL('../node_modules/.cache/', import.meta.url);
// Not in the system's temporary folder, where others could lay code for this user to run.
enableCompileCache?.(fileURLToPath(new URL('compiled', cache)));
// The package is made for older ones too.
if (Number.parseInt(process.versions.node, 10) >= 24) await import(freshBundle() ?? './bin.ts');
else {
  process.exitCode = 2;
  process.stderr.write(
    `coresweep's sources need Node 24 or newer, but this is Node ${process.versions.node}. Install a newer one, or use npm's scripts (\`npm run coresweep -- ...\`), which bring their own on Linux and Windows.\n`,
  );
}

function freshBundle() {
  const root = fileURLToPath(new URL('..', import.meta.url));
  try {
    const bundle = JSON.parse(readFileSync(new URL('bundle.json', cache), 'utf8'));
    // One that was moved here would name files that lie elsewhere.
    if (bundle.root !== root) return undefined;
    for (const [name, [size, mtimeMs, ctimeMs]] of Object.entries(bundle.of)) {
      const file = statSync(root + name);
      // The last is the system's own: a file that is copied with its old time does not pass for the old one.
      if (file.size !== size || file.mtimeMs !== mtimeMs || file.ctimeMs !== ctimeMs) return undefined;
    }
    return new URL(`bundle/${bundle.made}/bin.mjs`, cache).href;
  } catch {
    // None was made, or a file is gone.
    return undefined;
  }
}
