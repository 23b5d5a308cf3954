/** Files with bytes changed, cut off and made up: every answer must be one of the documented errors, or right. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadData } from '../../src/data/dataset.ts';
import { CoresweepError } from '../../src/errors.ts';
import { loadExperiment } from '../../src/experiment/load.ts';
import { readModelFile, writeModelFile } from '../../src/store/model-file.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { openStore } from '../../src/store/store.ts';
import { writeTinyIdx } from '../fixtures/tiny-idx.ts';
import { done, storeWith, weights } from '../store/example.ts';
import { chance, type Suite } from './suite.ts';

type Random = () => number;

/** A round is a case of each kind; the headers and lengths of IDX files are gone through one after the other. */
export const hostileInput: Suite = {
  unit: 'hostile files',
  shortRounds: 300,
  longRounds: 100_000,
  async run({ rounds, seed }) {
    const random = chance(seed);
    const folder = mkdtempSync(join(tmpdir(), 'coresweep-hostile-'));
    const kinds = [
      idxCases(folder),
      definitionCases(folder, random),
      modelCases(folder, random),
      databaseCases(folder, random),
    ];
    const found: string[] = [];
    let tried = 0;
    for (let round = 0; round < rounds; round++) {
      for (const attempt of kinds) {
        const fault = await attempt(round, rounds);
        if (fault === 'over') continue;
        tried += 1;
        if (fault !== undefined) found.push(fault);
      }
      if (Object.keys(Object.prototype).length > 0) found.push('Object.prototype has changed');
    }
    rmSync(folder, { recursive: true, force: true });
    return { tried, found };
  },
};

/** One case; what is wrong with its answer, undefined where nothing is, 'over' where there are no more. */
type Attempt = (round: number, rounds: number) => Promise<string | undefined | 'over'>;

/** Runs `act`, which may only throw what is documented. */
async function answered(what: string, act: () => unknown): Promise<string | undefined> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof CoresweepError))
      return `${what}: ${error instanceof Error ? error.stack : String(error)}`;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    if (/[\u0000-\u0009\u000b-\u001f\u007f]/.test(error.message))
      return `${what}: control characters in ${JSON.stringify(error.message)}`;
  }
  return undefined;
}

/** All values of the 16 bytes of a header, then every shorter length, then longer ones. */
function idxCases(folder: string): Attempt {
  const data = join(folder, 'idx');
  writeTinyIdx(data, { train: 6, test: 3, rows: 3, columns: 3 });
  const ranges = { train: [0, 3], validation: [3, 6], test: [0, 3], pixels: '0-1' } as const;
  const files = ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte'].map((name) => {
    const path = join(data, name);
    const bytes = readFileSync(path);
    const header = name.includes('images') ? 16 : 8;
    return { path, bytes, cases: 256 * header + bytes.length + 64, header };
  });
  const total = files.reduce((sum, { cases }) => sum + cases, 0);
  return async (round, rounds) => {
    // All of them in a long run, some of them in a short one.
    let index = rounds >= total ? round : Math.floor((round * total) / rounds);
    if (index >= total) return 'over';
    const file = files.find(({ cases }) => {
      if (index < cases) return true;
      index -= cases;
      return false;
    });
    if (file === undefined) return 'over';
    const { path, bytes, header } = file;
    const changed = Buffer.from(bytes);
    const isHeader = index < 256 * header;
    if (isHeader) changed[index >> 8] = index & 255;
    const length = index - 256 * header;
    const isSame = isHeader && changed.equals(bytes);
    writeFileSync(
      path,
      isHeader
        ? changed
        : length < bytes.length
          ? bytes.subarray(0, length)
          : Buffer.concat([bytes, Buffer.alloc(length - bytes.length + 1)]),
    );
    let isRefused = false;
    const fault = await answered(`IDX case ${round}`, async () => {
      try {
        await loadData({ source: 'idx', folder: data, ...ranges }, folder);
      } catch (error) {
        isRefused = true;
        throw error;
      }
    });
    writeFileSync(path, bytes);
    return (
      fault ?? (isRefused === isSame ? `IDX case ${round} was ${isRefused ? 'refused' : 'taken'}` : undefined)
    );
  };
}

const nasty = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  '<<: *a',
  '&a [*a, *a]',
  '!!js/function x',
  '!!binary AAAA',
  '.inf',
  '.nan',
  '-0',
  '1e400',
  '1e-400',
  '\u001b[31m',
  '<script>alert(1)</script>',
  '\u202e',
  '\u0000',
  '[[[[[[[[',
  '{{{{{{',
  '? ',
  '- ',
  ': ',
  '"',
  "'",
  '|',
  '>',
  '%YAML 9',
  '---\n',
  '...\n',
  '~',
  'null',
  '0x7fffffffffffffff',
  '"1e309"',
  'true',
];

/** A good definition with some bytes changed, cut off, doubled, or replaced by what parsers stumble over. */
function definitionCases(folder: string, random: Random): Attempt {
  const text = JSON.stringify(
    {
      name: 'small',
      seed: 1,
      data: { source: 'idx', folder: 'data', train: [0, 60], validation: [60, 120], test: [0, 60] },
      model: { hidden: [5], activation: 'sigmoid', initialWeights: 'normal' },
      training: { epochs: 4, penalty: 'l2', lambda: 0.1 },
      space: { learningRate: [0.01, 0.1], batchSize: [10, 20] },
      search: { method: 'grid', metric: 'validationLoss', replicates: 2 },
      final: { epochs: 3 },
      limits: { retries: 1 },
    },
    null,
    1,
  );
  return async (round) => {
    const file = join(folder, `definition.${round % 2 === 0 ? 'json' : 'yaml'}`);
    let changed = text;
    for (let change = 0; change < 1 + 3 * random(); change++) {
      const at = Math.floor(random() * changed.length);
      const word = nasty[Math.floor(random() * nasty.length)] as string;
      const until = at + Math.floor(random() * (random() < 0.5 ? 3 : 40));
      changed =
        changed.slice(0, at) +
        (random() < 0.6 ? word : String.fromCharCode(256 * random())) +
        changed.slice(until);
    }
    if (random() < 0.02) changed = '['.repeat(100_000);
    writeFileSync(file, changed);
    return answered(`definition ${JSON.stringify(changed.slice(0, 2_000))}`, () => loadExperiment(file));
  };
}

/** A model file in which one byte differs, or that is cut off: never taken, unless nothing in it has changed. */
function modelCases(folder: string, random: Random): Attempt {
  const path = join(folder, 'bestmodel.json');
  const provenance = {
    ...{
      experiment: 'small',
      definitionHash: 'd',
      dataHash: 'e',
      kernelHash: 'f',
      trial: 1,
      key: 'k',
      epoch: 1,
    },
    ...{ params: { learningRate: 0.1, batchSize: 2 }, validationAccuracy: 0.5, validationLoss: 0.25 },
  };
  const model = {
    weights: weights([3, 2, 1], (index) => index / 7),
    activation: 'sigmoid',
    encoding: { kind: 'pictures', rows: 1, columns: 3, pixels: '0-1' },
    provenance,
  } as const;
  writeModelFile(path, model);
  const bytes = readFileSync(path);
  const meaning = JSON.stringify(JSON.parse(bytes.toString()));
  return async (round) => {
    const changed = Buffer.from(bytes);
    const at = round % bytes.length;
    changed[at] = (bytes[at] as number) ^ (1 + Math.floor(255 * random()));
    const isCut = round >= bytes.length && random() < 0.1;
    const written = isCut ? bytes.subarray(0, at) : changed;
    writeFileSync(path, written);
    let taken: unknown;
    const fault = await answered(`model file with byte ${at} changed`, () => {
      taken = readModelFile(path);
    });
    if (fault !== undefined || taken === undefined) return fault;
    // White space may change.
    const isSame = JSON.stringify(JSON.parse(written.toString())) === meaning;
    return isSame ? undefined : `a model file with byte ${at} changed was taken`;
  };
}

/** A database of which some bytes differ, or the end is missing: an answer or a documented error, and no crash. */
function databaseCases(folder: string, random: Random): Attempt {
  const good = join(folder, 'good');
  mkdirSync(good);
  const { path, store } = storeWith(good, [done(0.5), done(0.75)]);
  store.close();
  const bytes = readFileSync(path);
  const own = join(folder, 'changed');
  return async (round) => {
    // Each takes a file and several syncs.
    if (round % 10 !== 0) return 'over';
    rmSync(own, { recursive: true, force: true });
    mkdirSync(own);
    const changed = Buffer.from(
      random() < 0.1 ? bytes.subarray(0, Math.floor(random() * bytes.length)) : bytes,
    );
    for (let change = 0; change < 1 + 20 * random() && changed.length > 0; change++) {
      const area = random() < 0.3 ? 100 : changed.length;
      changed[Math.floor(random() * Math.min(area, changed.length))] = Math.floor(256 * random());
    }
    const file = join(own, 'results.db');
    writeFileSync(file, changed);
    const reading = await answered('a changed database, read', () => {
      const results = openReadOnly(file);
      try {
        for (const { id } of results.experiments()) {
          for (const trial of results.ranked(id)) results.curve(trial.id);
        }
      } finally {
        results.close();
      }
    });
    const opening = await answered('a changed database, opened as a store', () => openStore(file).close());
    return reading ?? opening;
  };
}
