/** Whole runs of bad objectives: each of their trials fails with its reason, no other trial is touched, nothing hangs. */
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import t, { type Test } from 'tap';
import type { ObjectiveInput } from '../../src/experiment/schema.ts';
import { openReadOnly } from '../../src/store/open-results.ts';
import { runSweep } from '../../src/sweep/run-sweep.ts';

interface Expected {
  readonly state: string;
  readonly reason?: RegExp;
}

/** What a bad function does, and what becomes of its trial. */
const functions: Readonly<Record<string, readonly [code: string, expected: Expected]>> = {
  throws: [`throw new Error('planted');`, { state: 'failed', reason: /planted/ }],
  rejects: [`return Promise.reject(new Error('planted'));`, { state: 'failed', reason: /planted/ }],
  'throws null': ['throw null;', { state: 'failed', reason: /threw null/ }],
  exits: ['process.exit(3);', { state: 'failed', reason: /process\.exit\(3\)/ }],
  loops: ['for (;;) {}', { state: 'failed', reason: /silentSeconds/ }],
  'waits for ever': ['return new Promise(() => {});', { state: 'failed', reason: /silentSeconds/ }],
  'reports for ever': [
    'for (let step = 1; ; step++) { await report(step, { loss: 1 }); await sleep(1); }',
    { state: 'failed', reason: /trialSeconds/ },
  ],
  'fills the heap': [
    'const held = []; for (;;) held.push(Array(1000).fill(held.length));',
    { state: 'failed', reason: /limits\.memoryMb/ },
  ],
  'reports NaN': ['await report(1, { loss: 1 }); await report(2, { loss: NaN });', { state: 'diverged' }],
  'reports after its end': [
    'setTimeout(() => report(2, { loss: -1 }), 5); await report(1, { loss: 1 });',
    { state: 'done' },
  ],
  floods: ['for (let step = 1; step <= 100_000; step++) void report(step, { loss: 1 });', { state: 'done' }],
  prints: [`console.log('planted', { a: 1 }); return 1;`, { state: 'done' }],
};

/** The same of a program, as a shell runs it. */
const programs: Readonly<Record<string, readonly [code: string, expected: Expected]>> = {
  'exits with 3': [`echo planted >&2; exit 3`, { state: 'failed', reason: /exit code 3.*planted/s }],
  'is killed': ['kill -SEGV $$', { state: 'failed', reason: /SIGSEGV/ }],
  'ignores SIGTERM': [
    `trap '' TERM; while :; do sleep 1000; done`,
    { state: 'failed', reason: /silentSeconds/ },
  ],
  'has children': [
    `(sleep 1000 & sleep 1000) & echo "child $!"; wait`,
    { state: 'failed', reason: /silentSeconds/ },
  ],
  'leaves a child': [`sleep 1000 & echo '{"loss": 1}'`, { state: 'done' }],
  'prints much in one line': [
    `head -c 50000000 /dev/zero | tr '\\0' x; echo; echo '{"loss": 1}'`,
    { state: 'done' },
  ],
  prints: [`echo planted; echo '{"loss": 1}'`, { state: 'done' }],
};

/** Runs each bad one with a good one on either side, two at once. */
async function ranAll(t: Test, folder: string, bad: readonly string[], given: Partial<ObjectiveInput>) {
  const database = join(folder, 'results.db');
  const definition = {
    name: 'isolation',
    metrics: { loss: 'minimise' },
    space: { does: bad.flatMap((deed, place) => [deed, `good ${place}`]) },
    objective: './deeds.mjs',
    ...given,
  } satisfies ObjectiveInput;
  const { trials, state } = await runSweep(definition, { database, baseFolder: folder, threads: 2 });
  t.equal(state, 'done');
  const results = openReadOnly(database);
  t.teardown(() => results.close());
  return { trials: new Map(trials.map((trial) => [trial.params['does'], trial])), results };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

type Ran = Awaited<ReturnType<typeof ranAll>>;

function expectEach(t: Test, { trials }: Ran, deeds: Readonly<Record<string, readonly [string, Expected]>>) {
  for (const [place, [deed, [, expected]]] of Object.entries(deeds).entries()) {
    t.match(trials.get(deed), expected, deed);
    t.match(trials.get(`good ${place}`), { state: 'done', last: { step: 3, values: [3] }, attempts: 1 });
  }
}

t.test('bad functions fail with their reasons, and touch no other trial', async (t) => {
  const deeds = Object.entries(functions).map(
    ([deed, [code]]) => `${JSON.stringify(deed)}: async ({ report }) => { ${code} },\n`,
  );
  const folder = t.testdir({
    'deeds.mjs': `import { setTimeout as sleep } from 'node:timers/promises';
      const deeds = { ${deeds.join('')} };
      const good = async ({ report }) => {
        for (let step = 1; step <= 3; step++) await report(step, { loss: step });
      };
      export default (trial) => (deeds[trial.params.does] ?? good)(trial);`,
  });
  // Shorter than a thread may take to boot on a busy machine, which no trial is to blame for.
  const limits = { silentSeconds: 4, trialSeconds: 12, memoryMb: 64 };
  const ran = await ranAll(t, folder, Object.keys(functions), { limits });
  expectEach(t, ran, functions);
  const reported = (deed: string) => ran.results.reports(ran.trials.get(deed)?.id ?? 0);
  t.same(
    reported('reports after its end').map(({ step }) => step),
    [1],
  );
  const flood = reported('floods');
  t.ok(flood.length <= 8_195, 'a flood of reports is thinned');
  t.equal(flood.at(-1)?.step, 100_000);
  t.equal(ran.results.log(ran.trials.get('prints')?.id ?? 0), 'planted { a: 1 }\n');
});

t.test('bad programs as well, and their children end with them', async (t) => {
  const cases = Object.entries(programs).map(([deed, [code]]) => `'does=${deed}') ${code};;\n`);
  const folder = t.testdir({
    'deeds.sh': `case "$1" in ${cases.join('')} *) for step in 1 2 3; do echo "{\\"loss\\": $step}"; done;; esac`,
  });
  const before = process.memoryUsage().rss;
  const ran = await ranAll(t, folder, Object.keys(programs), {
    objective: { command: ['sh', 'deeds.sh', '{args_no_hyphens}'] },
    limits: { silentSeconds: 4 },
  });
  expectEach(t, ran, programs);
  const { results, trials } = ran;
  const log = (deed: string) => results.log(trials.get(deed)?.id ?? 0);
  t.equal(log('prints'), 'planted\n');
  t.ok((log('prints much in one line') ?? '').length < 100_000, 'a line without an end is cut');
  t.ok(process.memoryUsage().rss - before < 300 * 2 ** 20, 'and takes no memory');
  const child = Number(/child (\d+)/.exec(log('has children') ?? '')?.[1]);
  // Whoever inherits it may take a moment to bury it.
  for (let wait = 0; wait < 200 && isAlive(child); wait++) await sleep(10);
  t.ok(child > 0 && !isAlive(child));
});

t.test('a program that is not there ends a run before its first trial, with one error', async (t) => {
  const given = { objective: { command: ['no-such-program'] } };
  await t.rejects(ranAll(t, t.testdir(), ['walk'], given), {
    code: 'ERR_COMMAND_START',
    message: /^No trial can run: The command "no-such-program" cannot be started/,
  });
});

t.test('a function that does not wait for its reports is pruned as one that does', async (t) => {
  const ended = async (folder: string, awaiting: string) => {
    const code = `export default async ({ params, report }) => {
      for (let step = 1; step <= 9; step++) ${awaiting} report(step, { loss: params.does === 'good 0' ? 1 : 2 + step });
    }`;
    const { trials } = await ranAll(t, t.testdir({ [folder]: { 'deeds.mjs': code } }), ['a', 'b', 'c', 'd'], {
      objective: `./${folder}/deeds.mjs`,
      prune: { method: 'median', startupTrials: 2 },
    });
    return [...trials.values()].map((trial) => [
      trial.params['does'],
      trial.state,
      'last' in trial && trial.last,
    ]);
  };
  const waited = await ended('waits', 'await');
  t.ok(waited.some(([, state]) => state === 'pruned'));
  t.same(await ended('hurries', 'void'), waited);
});
