/**
 * 256-bit vectors: V8's experimental pass that joins pairs of 128-bit operations of WebAssembly, with the same bits.
 * Not here: the kernels, which know nothing of it, and the checks that hold them to the reference (train/self-check.ts).
 */
import { setFlagsFromString } from 'node:v8';
import { errors } from '../errors.ts';

/** V8 by its major version, from Node 24 to 26: older ones join nothing, and newer ones may have another name for it. */
const tried = { from: 13, to: 14 };

/**
 * Turns them on for this process, before anything of WebAssembly is compiled: for command lines only, never the library,
 * whose process belongs to others.
 * @returns what a person should know
 * @throws ERR_WIDE_VECTORS where this machine or engine has none
 */
export function useWideVectors(arch: string = process.arch, v8: string = process.versions.v8): string {
  if (arch !== 'x64') throw errors.noWideVectors(`this is ${arch}, and only x64 has them`);
  const major = Number.parseInt(v8, 10);
  if (major < tried.from) throw errors.noWideVectors(`the engine of Node ${process.versions.node} has none`);
  // An unknown flag would be said on stderr and otherwise ignored.
  if (major > tried.to) throw errors.noWideVectors(`they were never tried with V8 ${v8}`);
  setFlagsFromString('--experimental-wasm-revectorize');
  return '256-bit vectors are on, an experiment of the engine: the same bits, and a trial is given up where they are not.';
}
