/**
 * Starts bin.ts with the compile cache on, in this repository: for a first file of TypeScript, Node would load the parser
 * that takes its types out, anew each time, and that takes longer than all other loading. The package holds JavaScript.
 */
const { enableCompileCache } = await import('node:module');
enableCompileCache?.();
await import('./bin.ts');
