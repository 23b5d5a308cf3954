/** Takes trials of runs on other machines. */
import { availableParallelism } from 'node:os';
import { exitCodes } from '../errors.ts';
import { usualCacheMb } from '../queue/data-cache.ts';
import { paperOf } from '../terminal/paper.ts';
import { printable, wrapped } from '../words/text.ts';
import { defineCommand } from './command.ts';
import { insecureOption, wholeNumber } from './options.ts';
import { threadsOption } from './threads-option.ts';

export const worker = defineCommand({
  usage: 'worker <url>',
  summary: 'Run trials for other machines, over a queue',
  examples: [
    ['worker redis://localhost', 'train networks of runs that use this queue'],
    ['worker rediss://queue.example --allow sweep.ts', 'also try its objective, from the file here'],
  ],
  positionals: ['url'],
  options: {
    url: {
      type: 'string',
      demandOption: true,
      describe: 'The queue: redis://host:port, or rediss:// encrypted',
    },
    threads: threadsOption,
    allow: {
      type: 'string',
      array: true,
      nargs: 1,
      default: [],
      describe: 'A definition whose objective may run here',
    },
    'cache-mb': {
      type: 'string',
      requiresArg: true,
      coerce: wholeNumber('--cache-mb', 0, 10_000_000),
      defaultDescription: String(usualCacheMb),
      describe: 'MiB of data to keep on the disk (see cache); 0: none',
    },
    insecure: insecureOption,
  },
  async run(args, { err, signal }) {
    const { url, threads = availableParallelism(), allow, insecure: isForced, 'cache-mb': cacheMb } = args;
    // Any user who lists processes would read a password in the address.
    process.title = 'coresweep worker';
    const { work } = await import('../sweep/work.ts');
    const { width } = paperOf(err, {});
    const tell = (text: string) => void err.write(`${wrapped(printable(text), width)}\n`);
    await work({ url, threads, allow, cacheMb, isForced, signal, tell });
    return exitCodes.done;
  },
});
