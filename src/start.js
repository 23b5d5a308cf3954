/**
 * Starts bin.ts with the compile cache on, in this repository: for a first file of TypeScript, Node would load the parser
 * that takes its types out, anew each time, and that takes longer than all other loading. The package holds JavaScript.
 */
import { fileURLToPath } from 'node:url';

const { enableCompileCache } = await import('node:module');
// Not in the system's temporary folder, where others could lay code for this user to run.
enableCompileCache?.(fileURLToPath(new URL('../node_modules/.cache/compiled', import.meta.url)));
await import('./bin.ts');
