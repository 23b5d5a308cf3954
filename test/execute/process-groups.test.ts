import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import t from 'tap';

const groups = new URL('../../src/execute/process-groups.ts', import.meta.url).href;

/** Starts two programs and minds both, lets go of the first, and then waits. */
const owner = `
  import { spawn } from 'node:child_process';
  import { endGroup, mind } from '${groups}';
  const [first, second] = [1, 2].map(() => spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' }).pid);
  mind(first);
  mind(second);
  endGroup(first);
  console.log(second);
  setInterval(() => {}, 1000);
`;

const isThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

t.test('a program ends with the process that minds it, also where that is killed', async (t) => {
  const child = spawn(process.execPath, ['--input-type=module', '-e', owner], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.teardown(() => child.kill('SIGKILL'));
  const [line] = await once(child.stdout, 'data');
  const program = Number(line);
  t.teardown(() => isThere(program) && process.kill(program, 'SIGKILL'));
  t.ok(isThere(program));
  child.kill('SIGKILL');
  await once(child, 'exit');
  // Whoever inherits it may take a moment to bury it.
  for (let wait = 0; wait < 1000 && isThere(program); wait++) await sleep(10);
  t.notOk(isThere(program));
});

t.test('where no more files can be opened, a group is minded all the same', async (t) => {
  const full = `
    import { openSync } from 'node:fs';
    import { endGroup, mind } from '${groups}';
    try {
      for (;;) openSync('/dev/null');
    } catch {}
    // No group has this number.
    mind(2 ** 30);
    endGroup(2 ** 30);
  `;
  const limited = [
    '-c',
    'ulimit -n 100; exec "$@"',
    'sh',
    process.execPath,
    '--input-type=module',
    '-e',
    full,
  ];
  const child = spawn('sh', limited, { stdio: 'inherit' });
  t.same(await once(child, 'exit'), [0, null]);
});
