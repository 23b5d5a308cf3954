/**
 * A program of its own, which parses some modules and runs nothing of them: it dies of the first that does not parse, and the engine
 * writes file and line above the error. What an import throws names neither for JavaScript, and parsing without running needs
 * --experimental-vm-modules, which a user's process does not have (place-of-fault.ts starts this one).
 */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { SourceTextModule } from 'node:vm';

for (const path of process.argv.slice(2)) {
  const text = readFileSync(path, 'utf8');
  const code = /\.m?ts$/.test(path) ? stripTypeScriptTypes(text) : text;
  new SourceTextModule(code, { identifier: path });
}
