/** The dashboard as the command line starts it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
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
  let data: unknown;
  for await (const part of run.stderr.setEncoding('utf8')) {
    said += part;
    // From here on nothing is left to run.
    if (!said.includes('The dashboard stays until Ctrl-C.')) continue;
    const [url] = said.match(/http:\S+/) ?? [];
    data ??= await (await fetch(`${url}api/experiments/1/data`)).json();
    run.kill('SIGINT');
  }
  t.match(data, { available: true }, 'the rows are found below the folder of the definition');
  t.match(said, /dashboard: http:\/\/127\.0\.0\.1:\d+\/\nCtrl-C stops the run and ends its dashboard\./);
  t.notMatch(said, 'a sweep is not touched');
});

t.test('a dashboard beside a run ends when the process of the run is gone, even killed', async (t) => {
  const parent = spawn(
    process.execPath,
    [
      '--input-type=module',
      '-e',
      `import { spawn } from 'node:child_process';
       const words = [${JSON.stringify(join(root, 'src/bin.ts'))}, 'dashboard', '--db', ${JSON.stringify(join(t.testdir(), 'results.db'))}, '--open', 'no'];
       const child = spawn(process.execPath, words, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
       child.stdout.once('data', () => console.log(child.pid));`,
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [said] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(String(said));
  parent.kill('SIGKILL');
  const isAlive = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  for (let turns = 0; isAlive() && turns < 300; turns++) await setTimeout(100);
  t.equal(isAlive(), false);
});
