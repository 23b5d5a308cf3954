import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { type CommandObjective, commandExecutor } from '../../src/execute/commands.ts';
import type { Job } from '../../src/execute/executor.ts';
import { executorContract, jobFor, walks } from '../contracts/executor-of-trials-contract.ts';

const folder = fileURLToPath(new URL('.', import.meta.url));
const command = [process.execPath, 'program.mjs'];
const metrics = [{ name: 'loss', goal: 'minimise' }] as const;

function open(t: Test, seats: number, given: Partial<CommandObjective> = {}) {
  const executor = commandExecutor({ command, folder, metrics, ...given }, seats, 500);
  t.teardown(() => executor.close());
  return executor;
}

executorContract(t, {
  open,
  ...walks,
  long: { does: 'walk', x: 1, steps: 200, pause: 1 },
});

async function tried(t: Test, does: string, job: Partial<Job> = {}, given: Partial<CommandObjective> = {}) {
  const running = open(t, 1, given).start(jobFor({ does, x: 1 }, job));
  return { outcome: await running.outcome, running };
}

const fails = (title: string, does: string, code: string, reason: RegExp, job: Partial<Job> = {}) =>
  t.test(title, async (t) => {
    t.match((await tried(t, does, job)).outcome, { state: 'failed', code, reason });
  });

fails(
  'an exit code is told with the end of stderr',
  'exits with 3',
  'ERR_COMMAND_EXIT',
  /exit code 3: planted: what went wrong$/,
);
fails('so is a signal', 'is killed', 'ERR_COMMAND_SIGNAL', /SIGSEGV\.$/);
fails(
  'of SIGKILL it is said who sends it',
  'is killed as for want of memory',
  'ERR_COMMAND_SIGNAL',
  /SIGKILL, as a system without memory left ends programs/,
);
fails(
  'a program that reports nothing is told what to print',
  'prints only text',
  'ERR_NO_REPORT',
  /\{"step":1,"loss":0\.5\}; the last that it printed was "/,
);
fails('a metric must be a number', 'reports half', 'ERR_REPORT', /must be a number, but got "low"/);
fails(
  'steps begin at 1',
  'reports the wrong step',
  'ERR_REPORT',
  /Steps count from 1.* has step 0\. Where a program counts from 0, report step \+ 1\./,
);
fails('a silent program is ended', 'silent', 'ERR_TRIAL_SILENT', /silentSeconds/, {
  limits: { silentSeconds: 1 },
});
fails('so is one over its time', 'ignores SIGTERM', 'ERR_TRIAL_TIME', /trialSeconds/, {
  limits: { silentSeconds: 20, trialSeconds: 1 },
});

t.test('a program that is not there, or may not run, is named', async (t) => {
  for (const [program, given] of [
    ['no-such-program', {}],
    ['./program.mjs', {}],
    [process.execPath, { folder: '/none' }],
    ['a\0b', {}],
  ] as const)
    t.match((await tried(t, 'walk', {}, { command: [program], ...given })).outcome, {
      ...{ state: 'failed', code: 'ERR_COMMAND_START' },
      reason: /^The command ".+" cannot be started in ".+": .+ Name a program of the PATH/,
    });
});

t.test('a line without a step is the next one', async (t) => {
  const { outcome } = await tried(t, 'reports without steps');
  t.match(outcome, {
    state: 'done',
    result: {
      reports: [
        { step: 1, values: [3] },
        { step: 2, values: [2] },
        { step: 3, values: [1] },
      ],
    },
  });
});

t.test('what is no report is the log, with what stands on stderr', async (t) => {
  const { outcome, running } = await tried(t, 'prints text');
  t.equal(outcome.state, 'done');
  t.same(
    running.log().split('\n').sort(),
    ['', 'by stderr', 'line one', '{"other": 1}', '{not json}'].sort(),
  );
});

t.test('a gigabyte without the end of a line takes no memory', async (t) => {
  const before = process.memoryUsage().rss;
  let most = 0;
  const timer = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 20);
  const { outcome, running } = await tried(t, 'prints a gigabyte');
  clearInterval(timer);
  t.match(outcome, { state: 'done', result: { last: { step: 2, values: [0.5] } } });
  t.ok(running.log().length < 100_000);
  t.ok(most - before < 300 * 2 ** 20, `${most - before} bytes more`);
});

t.test('a program that ignores SIGTERM is killed', async (t) => {
  const executor = open(t, 1);
  const running = executor.start(jobFor({ does: 'ignores SIGTERM' }));
  while (running.progress().last === undefined) await sleep(5);
  executor.stop();
  t.match(await running.outcome, { state: 'stopped' });
  t.match(running.log(), /SIGTERM/);
});

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

async function expectGone(t: Test, log: string) {
  const pids = log.match(/\d+/g)?.map(Number) ?? [];
  t.ok(pids.length >= 1);
  // Whoever inherits them may take a moment to bury them.
  for (let wait = 0; wait < 200 && pids.some(isAlive); wait++) await sleep(10);
  t.notOk(pids.some(isAlive));
}

t.test('children of children end with it, whether it is ended or ends by itself', async (t) => {
  const executor = open(t, 1);
  const running = executor.start(jobFor({ does: 'has a child' }));
  while (running.progress().last === undefined || !running.log().includes('grandchild')) await sleep(5);
  executor.stop();
  t.match(await running.outcome, { state: 'stopped' });
  await expectGone(t, running.log());
  const left = await tried(t, 'leaves a child');
  t.equal(left.outcome.state, 'done');
  await expectGone(t, left.running.log());
});

t.test('one that has left the group is not waited for', async (t) => {
  const { outcome } = await tried(t, 'leaves a child that left the group');
  t.match(outcome, { state: 'done' });
});

t.test('a program need not read its stdin', async (t) => {
  const big = { does: 'closes stdin', x: 'y'.repeat(2 ** 20) };
  const running = open(t, 1).start(jobFor(big));
  while (running.progress().last === undefined) await sleep(5);
  running.prune();
  t.match(await running.outcome, { state: 'pruned' });
  t.match(await open(t, 1).start(jobFor(big)).outcome, { state: 'done' });
});

t.test('a program is told that it is pruned, and may end by itself', async (t) => {
  const running = open(t, 1).start(jobFor({ does: 'heeds stdin' }));
  running.prune();
  t.match(await running.outcome, { state: 'pruned', result: { last: { step: 1 } } });
  t.match(running.log(), /\{"prune":true\}/);
});

t.test(
  'a program knows its trial by the environment, its parameters by its words, and its start by stdin',
  async (t) => {
    const given = { command: [...command, '{args}', '{args_no_hyphens}'], environment: { OWN: 'x' } };
    const bytes = Buffer.from('weights');
    const artifact = { kind: 'bytes', name: 'model', bytes, sha256: '' } as const;
    const job = {
      number: 7,
      replicate: 2,
      attempt: 3,
      role: 'final',
      start: { from: 'artifact', artifact },
    } as const;
    const told = async (more: Partial<Job>): Promise<Record<string, unknown>> => {
      const { running } = await tried(t, 'tells', { ...job, ...more }, given);
      return JSON.parse(running.log()) as Record<string, unknown>;
    };
    const first = await told({});
    t.match(first, {
      ...{
        CORESWEEP_TRIAL: '7',
        CORESWEEP_REPLICATE: '2',
        CORESWEEP_ATTEMPT: '3',
        CORESWEEP_ROLE: 'final',
        OWN: 'x',
      },
      ...{ start: bytes.toString('base64'), words: ['--does=tells', '--x=1', 'does=tells', 'x=1'] },
    });
    t.match(first['CORESWEEP_SEED'], /^\d+$/);
    t.equal((await told({ number: 8 }))['CORESWEEP_SEED'], first['CORESWEEP_SEED']);
    t.not((await told({ replicate: 1 }))['CORESWEEP_SEED'], first['CORESWEEP_SEED']);
  },
);
