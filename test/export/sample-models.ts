/** Networks of random weights to export, and rows to run them on. */

import type { Model } from '../../src/model/model-file.ts';
import { randomStream } from '../../src/random.ts';
import type { Encoding } from '../../src/train/encoding.ts';
import { initialParameters } from '../../src/train/initial-weights.ts';
import type { NetworkFunctions } from '../../src/train/model.ts';
import { weightsSha256 } from '../../src/train/weights-hash.ts';

/** A model with these layers; its biases are not 0, so that losing one shows. */
export function sampleModel(
  sizes: readonly number[],
  encoding: Encoding,
  functions: NetworkFunctions = { activation: 'sigmoid', output: 'sigmoid' },
): Model {
  const parameters = initialParameters(sizes, 'normal-scaled', 7, 0).map((weight, at) => weight + at / 1e5);
  return {
    weights: { sizes, parameters, sha256: weightsSha256(parameters) },
    ...functions,
    encoding,
    provenance: {
      experiment: 'a sample: äöü',
      definitionHash: 'd'.repeat(64),
      dataHash: 'e'.repeat(64),
      kernelHash: 'f'.repeat(64),
      trial: 4,
      key: 'a'.repeat(64),
      params: { learningRate: 0.001, batchSize: 128 },
      epoch: 97,
      validationAccuracy: 0.9022,
      validationLoss: 0.25,
    },
  };
}

export const digits: Encoding = { kind: 'pictures', rows: 28, columns: 28, pixels: '0-1' };

export const flowers: Encoding = {
  kind: 'table',
  columns: ['length', 'width', 'weight'],
  offsets: [100_000, -2, 0],
  divisors: [0.5, 3, 1],
  classes: ['rose', 'tulip'],
};

/** Two numbers to tell of what `flowers` are measured by. */
export const prices: Encoding = {
  ...{ kind: 'table', columns: ['length', 'width', 'weight'] },
  ...{ offsets: [100_000, -2, 0], divisors: [0.5, 3, 1] },
  targets: [
    { name: 'price', offset: 3, divisor: 0.25 },
    { name: 'age', offset: -1, divisor: 2 },
  ],
};

/** A column of categories, and numbers of which one may miss. */
export const penguins: Encoding = {
  kind: 'table',
  columns: ['island=Biscoe', 'island=Dream', 'mass'],
  fields: [
    { name: 'island', categories: ['Biscoe', 'Dream'], missing: 'Dream' },
    { name: 'mass', missing: 4200.5 },
  ],
  offsets: [0, 0, 4000],
  divisors: [1, 1, 800],
  classes: ['Adelie', 'Gentoo'],
};

/** (rows x 784) whole numbers from 0 to 255, most of them 0, as in a picture of a digit. */
export function pictures(rows: number): number[] {
  const random = randomStream(3, 'search', 0, 0);
  return Array.from({ length: rows * 784 }, () => Math.max(0, Math.floor(random.uniform() * 1024) - 768));
}

/** (rows x 3) */
export function measurements(rows: number): number[] {
  const random = randomStream(4, 'search', 0, 0);
  return Array.from({ length: rows }, () => [
    Math.fround(100_000 + random.normal()),
    Math.fround(random.normal() * 3 - 2),
    Math.fround(random.normal()),
  ]).flat();
}
