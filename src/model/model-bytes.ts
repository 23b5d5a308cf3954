/** The bytes of a model's file, read only where they can be one, and how a faulty file is refused. */
import { readFileSync, statSync } from 'node:fs';
import { errors } from '../errors.ts';
import { onFile } from '../files/file-faults.ts';

/** Half of the longest string that JavaScript can hold: about 50 million parameters. */
export const maxModelBytes = 256 * 1024 * 1024;

/** Refuses a model file; given the fault as the rest of a sentence that begins with the file. */
export type Refuse = (fault: string, cause?: unknown) => never;

export const refusal =
  (path: string): Refuse =>
  (fault, cause) => {
    throw errors.modelFileInvalid(path, fault, cause);
  };

/** Throws a CoresweepError where there is no file, or one that cannot be a model. */
export const bytesOfModelFile = (path: string): Buffer =>
  onFile(path, () => {
    const refuse = refusal(path);
    const file = statSync(path, { throwIfNoEntry: false });
    if (file === undefined) throw errors.modelFileMissing(path);
    // Before reading: a pipe would block, and a huge file would fill the memory.
    if (!file.isFile()) return refuse('is not a file');
    if (file.size === 0) return refuse('is empty');
    if (file.size > maxModelBytes) {
      return refuse(`has ${file.size} bytes, but at most ${maxModelBytes} are read`);
    }
    return readFileSync(path);
  })();
