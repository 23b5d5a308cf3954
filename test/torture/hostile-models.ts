/** A model file in which one byte differs: never taken, unless what it says is the same. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readModelFile, writeModelFile } from '../../src/model/model-file.ts';
import { weights } from '../store/example.ts';
import { answerOf, type HostileFiles, hostileFiles } from './hostile-files.ts';

export const smallModel = {
  weights: weights([3, 2, 1], (index) => index / 7),
  activation: 'sigmoid',
  output: 'sigmoid',
  encoding: { kind: 'pictures', rows: 1, columns: 3, pixels: '0-1' },
  provenance: {
    experiment: 'small',
    definitionHash: 'd',
    dataHash: 'e',
    kernelHash: 'f',
    trial: 1,
    key: 'k',
    epoch: 1,
    params: { learningRate: 0.1, batchSize: 2 },
    validationAccuracy: 0.5,
    validationLoss: 0.25,
  },
} as const;

/** Apart from white space, which may change. */
export const isSameModel = (one: Buffer, other: Buffer): boolean =>
  JSON.stringify(JSON.parse(one.toString())) === JSON.stringify(JSON.parse(other.toString()));

export const hostile: HostileFiles = {
  unit: 'model files with another byte',
  shortRounds: 300,
  longRounds: 100_000,
  attempts(folder, random, rounds) {
    const path = join(folder, 'bestmodel.json');
    writeModelFile(path, smallModel);
    const bytes = readFileSync(path);
    return Array.from({ length: rounds }, (_, round) => async () => {
      const at = round % bytes.length;
      const changed = Buffer.from(bytes);
      changed[at] = (bytes[at] as number) ^ (1 + Math.floor(255 * random()));
      writeFileSync(path, changed);
      const what = `a model file with ${changed[at]} at byte ${at}`;
      const { value, fault } = await answerOf(what, () => readModelFile(path));
      if (fault !== undefined || value === undefined) return fault;
      return isSameModel(changed, bytes) ? undefined : `${what} was taken`;
    });
  },
};

export const hostileModels = hostileFiles(import.meta.url, hostile);
