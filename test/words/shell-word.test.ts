import { execFileSync } from 'node:child_process';
import t from 'tap';
import { shellQuoted } from '../../src/words/shell-word.ts';

t.test('what needs no quotes has none', async (t) => {
  for (const word of ['results/results.db', '--set', 'training.epochs=1', 'a@b:6379,c+d%'])
    t.equal(shellQuoted(word), word);
});

t.test('any word comes through a shell as it is', { skip: process.platform === 'win32' }, async (t) => {
  for (const word of ['', 'two words', "it's", "''", '$HOME `id` "x" \\', 'a\nb', '*', '~', '…'])
    t.equal(execFileSync('sh', ['-c', `printf %s ${shellQuoted(word)}`], { encoding: 'utf8' }), word);
});
