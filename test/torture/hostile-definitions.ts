/** A good definition with some bytes changed, cut off, doubled, or replaced by what parsers stumble over. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadExperiment } from '../../src/experiment/load.ts';
import { answerOf, type HostileFiles, hostileFiles } from './hostile-files.ts';

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

const good = JSON.stringify(
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

export const hostile: HostileFiles = {
  unit: 'changed definitions',
  shortRounds: 300,
  longRounds: 100_000,
  attempts: (folder, random, rounds) =>
    Array.from({ length: rounds }, (_, round) => async () => {
      const file = join(folder, `definition.${round % 2 === 0 ? 'json' : 'yaml'}`);
      // To refuse what is nested without end takes half a second.
      const text = round % 1_000 === 0 ? '['.repeat(100_000) : changed(random);
      writeFileSync(file, text);
      const what = `definition ${JSON.stringify(text.slice(0, 2_000))}`;
      return (await answerOf(what, () => loadExperiment(file))).fault;
    }),
};

export const hostileDefinitions = hostileFiles(import.meta.url, hostile);

function changed(random: () => number): string {
  let text = good;
  for (let change = 0; change < 1 + 3 * random(); change++) {
    const at = Math.floor(random() * text.length);
    const word = nasty[Math.floor(random() * nasty.length)] as string;
    const until = at + Math.floor(random() * (random() < 0.5 ? 3 : 40));
    const put = random() < 0.6 ? word : String.fromCharCode(256 * random());
    text = text.slice(0, at) + put + text.slice(until);
  }
  return text;
}
