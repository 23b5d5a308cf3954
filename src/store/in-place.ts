/** Notices that a file was deleted or replaced while it was open: what is written to it then is lost. */
import { statSync } from 'node:fs';

/** Whether each file is still the one that lay at its path when this was made; it opens nothing. */
export function filesInPlace(paths: readonly string[]): () => string | undefined {
  // Never open and close them instead: closing any descriptor of a file drops all locks that the process has on it.
  const identity = (path: string): string | undefined => {
    const file = statSync(path, { throwIfNoEntry: false });
    return file && `${file.dev}:${file.ino}`;
  };
  const before = new Map(paths.map((path) => [path, identity(path)]));
  return () => paths.find((path) => identity(path) !== before.get(path));
}
