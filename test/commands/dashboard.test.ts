/** The dashboard as the command line starts it. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import t from 'tap';
import { root } from '../source.ts';
import { tinyDefinition, tinyExperiment } from './command-line.ts';

t.test('a run with a dashboard says what Ctrl-C does to both', async (t) => {
  const { definition, db } = tinyExperiment(t.testdir({ 'tiny.yaml': tinyDefinition }));
  const args = ['run', definition, '--db', db, '--threads', '1', '--dashboard'];
  const run = spawn(process.execPath, [join(root, 'src/bin.ts'), ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  t.teardown(() => run.kill('SIGKILL'));
  let said = '';
  for await (const part of run.stderr.setEncoding('utf8')) {
    said += part;
    // From here on nothing is left to run.
    if (said.includes('The dashboard stays until Ctrl-C.')) run.kill('SIGINT');
  }
  t.match(said, /dashboard: http:\/\/127\.0\.0\.1:\d+\/\nCtrl-C stops the run and ends its dashboard\./);
  t.notMatch(said, 'a sweep is not touched');
});
