/** Shows what has travelled to this machine's workers and is kept here, and clears it. */
import { exitCodes } from '../errors.ts';
import { fileFault } from '../files/file-faults.ts';
import { type CacheContent, cacheContent, cacheFolder, clearCache } from '../queue/data-cache.ts';
import { defineCommand } from './command.ts';

export const cache = defineCommand({
  usage: 'cache [action]',
  summary: 'Show or clear the data that workers keep on this machine',
  examples: [
    ['cache', 'where it lies, and how much it is'],
    ['cache clear', 'remove it; workers fetch what they miss'],
  ],
  positionals: ['action'],
  options: {
    action: { type: 'string', choices: ['show', 'clear'] as const, default: 'show', describe: 'What to do' },
  },
  async run({ action }, { out }) {
    const folder = cacheFolder(process.env);
    try {
      const text =
        action === 'clear'
          ? `${folder}: ${inWords(await clearCache(folder))} removed`
          : `${folder}: ${inWords(await cacheContent(folder))}`;
      out.write(`${text}\n`);
    } catch (error) {
      throw fileFault(folder, error);
    }
    return exitCodes.done;
  },
});

const inWords = ({ files, bytes }: CacheContent): string =>
  `${files} ${files === 1 ? 'file' : 'files'}, ${(bytes / 2 ** 20).toFixed(1)} MiB`;
