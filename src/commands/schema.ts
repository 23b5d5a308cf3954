/** Prints the JSON Schema of definitions. */
import { experimentJsonSchema } from '../experiment/schema.ts';
import { defineCommand } from './command.ts';

export const schema = defineCommand({
  usage: 'schema',
  summary: 'Print the JSON Schema of experiment definitions, for editors',
  examples: [
    ['schema > experiment.schema.json', 'then "# yaml-language-server: $schema=experiment.schema.json"'],
  ],
  positionals: [],
  options: {},
  async run(_args, { out }) {
    out.write(`${JSON.stringify(experimentJsonSchema(), null, 2)}\n`);
    return 0;
  },
});
