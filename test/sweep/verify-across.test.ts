import t, { type Test } from 'tap';
import { work } from '../../src/sweep/work.ts';
import { type Typed, tinyDefinition, tinyExperiment, typed } from '../commands/command-line.ts';
import { startRedis, withoutServer } from '../queue/redis-server.ts';

if (withoutServer !== undefined) t.plan(0, withoutServer);
else {
  const redis = await startRedis();
  t.teardown(() => redis.end());

  /** What is printed where two trials of a run on this machine are verified beside so many other workers. */
  const across = async (t: Test, files: Record<string, string>, others: number): Promise<Typed> => {
    const folder = t.testdir(files);
    const { definition, db } = tinyExperiment(folder);
    t.equal((await typed('run', definition, '--db', db, '--threads', '1')).exitCode, 0);
    const ended = new AbortController();
    const allow = files['tiny.yaml'] === tinyDefinition ? [] : [definition];
    const workers = Array.from({ length: others }, () => {
      const { promise: begun, resolve } = Promise.withResolvers<void>();
      const common = { url: redis.url, threads: 1, allow, isForced: false };
      const working = work({ ...common, signal: ended.signal, tell: () => resolve() });
      return { begun, working };
    });
    await Promise.all(workers.map(({ begun }) => begun));
    try {
      const words = ['--across', '2', '--workers', redis.url, '--threads', '1'];
      return await typed('verify', ...words, '--db', db, '--base', folder);
    } finally {
      ended.abort();
      await Promise.all(workers.map(({ working }) => working));
    }
  };

  const definition = (objective: string) =>
    `name: walk\nobjective: ${objective}\nmetrics: { loss: minimise }\nspace: { x: [1, 2] }\n`;

  const ofModule = (code: string) => ({ 'tiny.yaml': definition('./walk.mjs'), 'walk.mjs': code });

  /** It is called with --x=1. */
  const program = `console.log(JSON.stringify({ loss: Number(process.argv[2].slice(4)) / 3 }));`;

  for (const [what, files] of [
    ['networks', { 'tiny.yaml': tinyDefinition }],
    ['functions', ofModule('export const objective = ({ params, random }) => params.x + random();')],
    [
      'commands',
      {
        'tiny.yaml': definition(`{ command: [${JSON.stringify(process.execPath)}, walk.mjs, '{args}'] }`),
        'walk.mjs': program,
      },
    ],
  ] as const)
    t.test(`${what} that compute alike agree in every bit, and who has run them is named`, async (t) => {
      const { exitCode, out, err } = await across(t, files, 1);
      t.equal(exitCode, 0, err);
      t.equal(out.match(/every bit the same, on \S+#\d+\S* and \S+#\d+\S*$/gm)?.length, 2, out);
      t.match(out, /^2 trials run by two workers of one machine each, every bit the same\.$/m);
      t.match(err, /No worker of another machine is there/);
    });

  t.test('where they do not agree, both machines and both hashes are named', async (t) => {
    const { exitCode, out } = await across(
      t,
      ofModule(`import { threadId } from 'node:worker_threads';\nexport const objective = () => threadId;`),
      1,
    );
    t.equal(exitCode, 65);
    const [, one, , other] = /: (\S+) gave (\w{64}).*and (\S+) gave \w{64}/.exec(out) ?? [];
    t.ok(one !== undefined && other !== undefined && one !== other, out);
    t.match(out, /^2 trials run by two workers of one machine each, and 2 differ\.$/m);
  });

  t.test('one machine alone is not enough, which is said', async (t) => {
    const { exitCode, err } = await across(
      t,
      ofModule('export const objective = ({ params }) => params.x;'),
      0,
    );
    t.equal(exitCode, 69);
    t.match(err, /ERR_ONE_MACHINE/);
  });
}
