/** A network from elsewhere as a model file. */
import { basename, dirname, join } from 'node:path';
import { exitCodes } from '../errors.ts';
import { activationNames } from '../kernel/activations.ts';
import { usualFunctions } from '../model/functions-check.ts';
import { modelOf } from '../model/load-model.ts';
import { modelText } from '../model/model-file.ts';
import { readSafetensors } from '../model/safetensors.ts';
import { outputNames } from '../train/outputs.ts';
import { defineCommand } from './command.ts';
import { databaseOption } from './options.ts';
import { writeOutput } from './output.ts';

export const importCommand = defineCommand({
  usage: 'import <file>',
  summary: 'Read a network from a safetensors file into a model file, to start from or to predict with',
  examples: [
    ['import mnist.safetensors', 'fc1.weight, fc1.bias, ... into results/mnist.json'],
    ['import mnist.safetensors --pixels raw -o start.json', 'of a network that was fed 0 to 255'],
  ],
  positionals: ['file'],
  options: {
    file: {
      type: 'string',
      demandOption: true,
      describe: "A .safetensors file with PyTorch's names and shapes",
    },
    pixels: {
      type: 'string',
      choices: ['0-1', 'raw'],
      default: '0-1',
      requiresArg: true,
      describe: 'How the network was fed, where its file does not say',
    },
    activation: {
      type: 'string',
      choices: activationNames,
      default: usualFunctions.activation,
      requiresArg: true,
      describe: 'Of its hidden units, where its file does not say',
    },
    outputs: {
      type: 'string',
      choices: outputNames,
      default: usualFunctions.output,
      requiresArg: true,
      describe: 'What its outputs are, where its file does not say',
    },
    output: {
      type: 'string',
      alias: 'o',
      requiresArg: true,
      defaultDescription: "the file's name with .json, in the database's folder",
      describe: 'The file to write, whose path is printed; - is stdout',
    },
    db: databaseOption,
  },
  async run({ file, pixels, activation, outputs, output, db }, { out, err }) {
    const model = modelOf(file, readSafetensors(file), { pixels, activation, output: outputs });
    const path = output ?? join(dirname(db), `${basename(file, '.safetensors')}.json`);
    writeOutput(out, path, modelText(model), db);
    const { sizes, sha256 } = model.weights;
    err.write(`${sizes.join('-')}, weights ${sha256}; in a definition: start: { file: ... }\n`);
    return exitCodes.done;
  },
});
