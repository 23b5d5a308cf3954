import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import type { Job } from '../../src/execute/executor.ts';
import { type FunctionObjective, functionExecutor } from '../../src/execute/functions.ts';
import type { TrialOutcome } from '../../src/trial.ts';
import { executorContract, jobFor, walks } from '../contracts/executor-of-trials-contract.ts';

const module = fileURLToPath(new URL('./objectives.ts', import.meta.url));
const metrics = [{ name: 'loss', goal: 'minimise' }] as const;

/** Long enough for a thread to boot on a busy machine. */
const graceMs = 500;

function open(t: Pick<Test, 'teardown'>, seats: number, given: Partial<FunctionObjective> = {}) {
  const executor = functionExecutor({ module, metrics, ...given }, seats, graceMs);
  t.teardown(() => executor.close());
  return executor;
}

executorContract(t, {
  open,
  ...walks,
  long: { does: 'walk', x: 1, steps: 1000, pause: 0 },
});

/** One for all bad functions: none may spoil it for the next. */
const common = open(t, 2);

async function tried(t: Test, does: string, job: Partial<Job> = {}, given: Partial<FunctionObjective> = {}) {
  const executor = Object.keys(given).length === 0 ? common : open(t, 2, given);
  // Beside it, another trial, which must not notice.
  const neighbour = executor.start(jobFor({ does: 'walk', x: 1, steps: 5, pause: 20 }));
  const running = executor.start(jobFor({ does, x: 1 }, { limits: { silentSeconds: 20 }, ...job }));
  const outcome = await running.outcome;
  t.equal((await neighbour.outcome).state, 'done', 'its neighbour is not touched');
  const next = await executor.start(jobFor({ does: 'returns', x: 1 })).outcome;
  t.equal(next.state, 'done', 'nor is the next one in its seat');
  return { outcome, running };
}

const fails = (title: string, does: string, code: string, reason: RegExp, job: Partial<Job> = {}) =>
  t.test(title, async (t) => {
    const { outcome } = await tried(t, does, job);
    t.match(outcome, { state: 'failed', code, reason });
  });

fails(
  'a function that throws fails with where it did',
  'throws',
  'ERR_TRIAL_THREW',
  /planted: it throws\n.*objectives\.ts/s,
);
fails('so does one that rejects', 'rejects', 'ERR_TRIAL_THREW', /planted: it rejects/);
fails('null can be thrown', 'throws null', 'ERR_TRIAL_THREW', /threw null/);
fails('and a text', 'throws a text', 'ERR_TRIAL_THREW', /"planted text"/);
fails('process.exit ends the trial alone', 'exits', 'ERR_TRIAL_EXIT', /process\.exit\(3\)/);
fails('process.exit(0) is no success', 'exits well', 'ERR_TRIAL_EXIT', /process\.exit\(0\)/);
fails(
  'a rejection that nobody waits for ends the trial',
  'rejects elsewhere',
  'ERR_TRIAL_THREW',
  /did not wait for.*elsewhere/,
);
fails('and an error in a timer', 'throws elsewhere', 'ERR_TRIAL_THREW', /did not wait for.*elsewhere/);
fails('nothing reported and nothing returned is a fault', 'returns nothing', 'ERR_NO_REPORT', /"loss"/);
fails('a text is no value', 'returns a text', 'ERR_REPORT', /got "planted"/);
fails(
  'a metric that is missing is named',
  'reports another metric',
  'ERR_REPORT',
  /"loss" is missing.*"los"/,
);
fails('and one that nobody asked for', 'reports one too many', 'ERR_REPORT', /"other" is no metric/);
fails(
  'a text that looks like a number is none',
  'reports a text',
  'ERR_REPORT',
  /must be a number, but got "1"/,
);
fails(
  'a bigint is told to be one',
  'reports a bigint',
  'ERR_REPORT',
  /must be a number, but got 3n, a bigint/,
);
fails('a report without values is told', 'reports nothing', 'ERR_REPORT', /got undefined/);
fails('a fault counts though it is caught', 'swallows a fault', 'ERR_REPORT', /whole number.*got 1\.5/);
fails('steps ascend', 'goes back', 'ERR_REPORT', /above the last one \(3\)/);
fails('a checkpoint is bytes', 'checkpoints a text', 'ERR_TRIAL_BYTES', /Uint8Array.*"planted"/);
fails('an endless loop is ended once it is silent for too long', 'endless', 'ERR_TRIAL_SILENT', /for 1 s /, {
  limits: { silentSeconds: 1 },
});
fails('one that only waits as well', 'waits for ever', 'ERR_TRIAL_SILENT', /silentSeconds/, {
  limits: { silentSeconds: 1 },
});
fails(
  'a trial over its time is ended though it reports',
  'floods for ever',
  'ERR_TRIAL_TIME',
  /trialSeconds/,
  { limits: { silentSeconds: 20, trialSeconds: 1 } },
);
fails(
  'one that waits in a call of the system is ended with what it waits for',
  'waits for a program',
  'ERR_TRIAL_SILENT',
  /silentSeconds/,
  { limits: { silentSeconds: 1 } },
);

for (const does of ['fills the heap', 'fills typed arrays'])
  t.test(`a function that ${does} is ended at its limit, and the process goes on`, async (t) => {
    const { outcome } = await tried(t, does, {}, { memoryMb: 100 });
    t.match(outcome, { state: 'failed', code: 'ERR_TRIAL_MEMORY', reason: /100 MiB.*limits\.memoryMb/ });
  });

t.test('a number that is not finite diverges, caught or not, reported or returned', async (t) => {
  for (const [does, step] of [
    ['reports NaN', 2],
    ['swallows NaN', 2],
    ['returns NaN', 1],
  ] as const) {
    const { outcome } = await tried(t, does);
    t.match(outcome, { state: 'diverged', step });
    t.equal(outcome.state === 'diverged' && outcome.reports.length, step - 1);
  }
});

t.test('what a function returns is its last report, and what it is ranked by', async (t) => {
  const { outcome } = await tried(t, 'reports, then returns');
  t.match(outcome, {
    state: 'done',
    result: { best: { step: 6, values: [2] }, last: { step: 6, values: [2] } },
  });
  t.match((await tried(t, 'returns an object')).outcome, { result: { best: { step: 1, values: [1] } } });
});

t.test('where the last report counts, it is what a trial is ranked by', async (t) => {
  const params = { does: 'walk', x: 1 };
  const { result } = (await open(t, 1, { rankedBy: 'last' }).start(jobFor(params)).outcome) as {
    result: { best: object; last: object };
  };
  t.same(result.best, result.last);
});

t.test('what is left behind after the end touches nobody', async (t) => {
  for (const does of ['reports after its end', 'fails after its end', 'fails after its end, unseen']) {
    const executor = open(t, 1);
    const outcomes: TrialOutcome[] = [];
    for (let trial = 0; trial < 3; trial++) {
      outcomes.push(await executor.start(jobFor({ does })).outcome);
      // Long enough for what was left behind to wake up.
      outcomes.push(await executor.start(jobFor({ does: 'walk', x: 1, steps: 4, pause: 10 })).outcome);
    }
    t.same(
      outcomes.map(({ state }) => state),
      Array(6).fill('done'),
      does,
    );
    t.equal(outcomes[0]?.state === 'done' && outcomes[0].result.reports.length, 1);
  }
});

t.test('a million reports in a tight loop fill no memory, here or there', async (t) => {
  const executor = open(t, 1, { memoryMb: 150 });
  const running = executor.start(jobFor({ does: 'floods', steps: 1_000_000 }));
  let heard = 0;
  let most = 0;
  running.onReport(() => {
    if (heard++ % 10_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed);
    return undefined;
  });
  const outcome = await running.outcome;
  if (outcome.state !== 'done') throw new Error(JSON.stringify(outcome));
  t.equal(heard, 1_000_000);
  const { reports, best, last } = outcome.result;
  t.ok(reports.length > 4_000 && reports.length <= 8_195);
  t.equal(best.step, 1);
  t.equal(last.step, 1_000_000);
  t.same(reports.at(-1), last);
  t.ok(most < 250 * 2 ** 20, `${most} bytes`);
});

t.test('a loop that never waits can be stopped by its next report', async (t) => {
  const executor = open(t, 1);
  const running = executor.start(jobFor({ does: 'floods for ever' }));
  while (running.progress().last === undefined) await sleep(1);
  running.stop();
  t.equal((await running.outcome).state, 'stopped');
});

t.test('a function that does not end when it is asked to is ended', async (t) => {
  for (const does of ['endless after a report', 'waits for ever']) {
    const executor = open(t, 1);
    const running = executor.start(jobFor({ does }));
    while (running.progress().last === undefined) await sleep(1);
    executor.stop();
    t.match(await running.outcome, { state: 'stopped', checkpoint: undefined });
  }
});

t.test('a function can heed its signal, and what it returns then is no result', async (t) => {
  for (const does of ['heeds its signal', 'returns when told to end']) {
    const executor = open(t, 1);
    const running = executor.start(jobFor({ does }));
    while (running.progress().last === undefined) await sleep(1);
    executor.stop();
    t.equal((await running.outcome).state, 'stopped');
  }
});

t.test('what it prints is its log, and nobody else’s', async (t) => {
  const { outcome, running } = await tried(t, 'prints');
  t.equal(outcome.state, 'done');
  t.equal(running.log(), 'by console.log { a: 1 }\nby console.error\nby stdout\n');
  const program = `
    import { functionExecutor } from ${JSON.stringify(new URL('../../src/execute/functions.ts', import.meta.url).href)};
    const executor = functionExecutor({ module: ${JSON.stringify(module)}, metrics: ${JSON.stringify(metrics)} }, 1);
    await executor.start(${JSON.stringify(jobFor({ does: 'prints' }))}).outcome;
    await executor.close();`;
  t.equal(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }), '');
});

t.test('a log is capped: its beginning and its end are kept', async (t) => {
  const running = open(t, 1).start(jobFor({ does: 'prints much', lines: 200_000 }));
  t.equal((await running.outcome).state, 'done');
  const log = running.log();
  t.ok(log.length < 70_000);
  t.ok(log.startsWith('line 0\nline 1\n'));
  t.ok(log.endsWith('line 199999\n'));
  t.match(log, /\[… \d+ characters left out …\]/);
});

t.test(
  'replicates draw other numbers, trials of one replicate the same; a final trial has its start',
  async (t) => {
    const executor = open(t, 1);
    const tell = async (job: Partial<Job>) => {
      const running = executor.start(jobFor({ does: 'tells' }, job));
      await running.outcome;
      return JSON.parse(running.log()) as Record<string, unknown>;
    };
    const first = await tell({ number: 1 });
    const second = await tell({ number: 2 });
    const other = await tell({ number: 3, replicate: 1 });
    t.match(first, { number: 1, replicate: 0, role: 'search' });
    t.same([second['seed'], second['drawn']], [first['seed'], first['drawn']]);
    t.not(other['seed'], first['seed']);
    t.not(other['drawn'], first['drawn']);
    t.notOk('start' in first);
    const bytes = Buffer.from('weights');
    const artifact = { kind: 'bytes', name: 'model', bytes, sha256: '' } as const;
    const final = await tell({ role: 'final', start: { from: 'artifact', artifact } });
    t.match(final, { role: 'final', start: 'weights' });
    t.not(final['seed'], first['seed']);
  },
);

t.test('a model is kept with its hash', async (t) => {
  const outcome = await open(t, 1).start(jobFor({ does: 'walk', x: 1 })).outcome;
  const [artifact] = outcome.state === 'done' ? outcome.result.artifacts : [];
  if (artifact?.kind !== 'bytes') throw new Error('There is no model.');
  t.match(Buffer.from(artifact.bytes).toString(), /^model 2\./);
  t.match(artifact.sha256, /^[0-9a-f]{64}$/);
});

t.test('a module that cannot be imported, or has no objective, is the reason of its trials', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'coresweep-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  write('typo.mjs', '\nconst x = ;');
  mkdirSync(join(folder, 'old'));
  write('old/package.json', '{ "type": "commonjs" }');
  const commonJs = write('old/commonJs.js', 'export default () => 1;');
  const cases = [
    [write('throws.ts', 'throw new Error("planted import");'), 'ERR_OBJECTIVE_IMPORT', /planted import/],
    [write('syntax.ts', 'export default ('), 'ERR_OBJECTIVE_IMPORT', /cannot be imported: .*syntax\.ts:1\n/],
    [
      write('imports.mjs', 'import "./typo.mjs";'),
      'ERR_OBJECTIVE_IMPORT',
      /imports\.mjs cannot be imported: .*typo\.mjs:2\nSyntaxError: Unexpected token ';'/,
    ],
    [join(folder, 'none.ts'), 'ERR_OBJECTIVE_IMPORT', /none\.ts/],
    [
      write('absent.ts', 'import x from "no-such-package";\nexport default () => x;'),
      'ERR_OBJECTIVE_IMPORT',
      /absent\.ts cannot be imported: Error \[ERR_MODULE_NOT_FOUND\]: Cannot find package 'no-such-package'/,
    ],
    [commonJs, 'ERR_OBJECTIVE_IMPORT', /commonJs\.js cannot be imported: .*npm pkg set type=module/s],
    [write('empty.ts', 'export const other = 1;'), 'ERR_OBJECTIVE_MISSING', /exports no objective/],
  ] as const;
  for (const [module, code, reason] of cases) {
    const executor = open(t, 1, { module });
    // Ahead of all trials, where somebody waits for that; each by itself, where nobody did.
    await t.rejects(executor.ready(), { code, exitCode: 2, message: reason });
    for (let trial = 0; trial < 2; trial++)
      t.match(await executor.start(jobFor({ x: 1 })).outcome, { state: 'failed', code, reason });
  }
  for (const text of [
    'export default ({ params }) => params.x;',
    'export default { objective: ({ params }) => params.x };',
  ])
    t.equal(
      (await open(t, 1, { module: write(`good${text.length}.ts`, text) }).start(jobFor({ x: 1 })).outcome)
        .state,
      'done',
    );
  const module = write('exits.ts', 'process.exit(7);');
  t.match(await open(t, 1, { module }).start(jobFor({ x: 1 })).outcome, {
    code: 'ERR_TRIAL_EXIT',
    reason: /exit\(7\)/,
  });
});

t.test('a module is imported ahead of all trials, by all threads', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'coresweep-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const write = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return { module: join(folder, name) };
  };
  const talks = open(
    t,
    2,
    write(
      'talks.ts',
      `console.log("hello");
      const isUp = new Promise((resolve) => setImmediate(() => resolve(console.log("up"))));
      export default () => isUp.then(() => console.log("x") ?? 1);`,
    ),
  );
  await talks.ready();
  const logOf = async () => {
    const trial = talks.start(jobFor({ x: 1 }));
    await trial.outcome;
    return trial.log();
  };
  t.same(await Promise.all([logOf(), logOf()]), ['hello\nup\nx\n', 'hello\nup\nx\n']);
  t.equal(await logOf(), 'x\n', 'each says so once');

  const beside = 'Promise.reject(new Error("planted beside"));\nawait new Promise(() => {});';
  const rejects = open(t, 2, write('beside.ts', beside));
  await t.rejects(rejects.ready(), { code: 'ERR_OBJECTIVE_IMPORT', message: /planted beside/ });
  const never = write('never.ts', 'await new Promise(() => {});');
  const slow = open(t, 1, { ...never, importSeconds: 0.5 });
  await t.rejects(slow.ready(), { code: 'ERR_OBJECTIVE_IMPORT', message: /within 0\.5 s / });
  const left = open(t, 2, never);
  const ready = left.ready();
  await left.close();
  await ready;

  const dies = open(
    t,
    1,
    write('dies.ts', 'setTimeout(() => process.exit(5), 1).unref(); export default () => 1;'),
  );
  await dies.ready();
  await sleep(100);
  const end = await dies.start(jobFor({ x: 1 }, { limits: { silentSeconds: 20 } })).outcome;
  t.not(end.state === 'failed' && end.code, 'ERR_TRIAL_SILENT', 'who is dead is not asked');
});

t.test('the import of a module is no time of its trials, and has a limit of its own', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'coresweep-'));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const outcomeOf = (name: string, text: string, limits: Partial<Job['limits']>) => {
    writeFileSync(join(folder, name), text);
    const job = jobFor({ x: 1 }, { limits: { silentSeconds: 0.5, trialSeconds: 0.5, ...limits } });
    return open(t, 1, { module: join(folder, name) }).start(job).outcome;
  };
  const slow = 'await new Promise((resolve) => setTimeout(resolve, 2500)); export default () => 1;';
  const [afterAll, endless, waiting] = await Promise.all([
    outcomeOf('slow.ts', slow, { silentSeconds: 2, trialSeconds: 2 }),
    outcomeOf('endless.ts', 'for (;;);', { importSeconds: 0.5 }),
    outcomeOf('waits.ts', 'await new Promise(() => {});', { importSeconds: 0.5 }),
  ]);
  t.match(afterAll, { state: 'done' });
  for (const outcome of [endless, waiting])
    t.match(outcome, { state: 'failed', code: 'ERR_OBJECTIVE_IMPORT', reason: /within 0\.5 s / });
});
