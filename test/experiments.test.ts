/** The definitions in experiments/ and what its README says about them, held against the schema itself. */

import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { exitCodes } from '../src/errors.ts';
import { commandExecutor } from '../src/execute/commands.ts';
import { functionExecutor } from '../src/execute/functions.ts';
import { loadExperiment } from '../src/experiment/load.ts';
import { experimentJsonSchema } from '../src/experiment/schema.ts';
import { spaceOf } from '../src/space/definition.ts';
import { enumerationOf } from '../src/space/enumeration.ts';
import { defaultMaxTrials } from '../src/sweep/max-trials.ts';
import { type CodeBlock, codeBlocks } from './markdown.ts';
import { filesBelow, root } from './source.ts';

const folder = join(root, 'experiments');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

/** The keys of a definition in either form: of the network, and with an objective. */
const keysOfBoth = () => {
  const keys = new Map(((experimentJsonSchema() as Schema).anyOf ?? []).flatMap((form) => [...keysOf(form)]));
  // A setting is documented where it is one of the definition.
  const isSetting = (name: string) =>
    name.startsWith('space.') &&
    ['model', 'training'].some((group) => keys.has(name.replace('space', group)));
  return new Map([...keys].filter(([name]) => !isSetting(name)));
};

/** Every key with its schema, as `data.source`; keys below explicit weights belong to `model.initialWeights`. */
function keysOf(schema: Schema, path: readonly string[] = []): Map<string, Schema> {
  const places = [schema, ...(schema.oneOf ?? [])].flatMap(({ properties }) =>
    Object.entries(properties ?? {}),
  );
  const keys = places.flatMap(([name, inner]) => {
    const below = keysOf(inner, [...path, name]);
    return below.size > 0 ? [...below] : [[[...path, name].join('.'), inner] as const];
  });
  return new Map(keys.filter(([name]) => name !== '$schema'));
}

/** The rows of the README's table: what stands in its columns of types and defaults, by key. */
const documented = new Map(
  [...readme.matchAll(/^\| `([\w.]+)` \|(.*)$/gm)].map(([, key, rest]) => {
    const [type = '', usual = ''] = (rest as string).split(/(?<!\\)\|/).map((cell) => cell.trim());
    return [key as string, { type, usual: /^`(.*)`$/.exec(usual)?.[1] }];
  }),
);

t.test('every definition in experiments/ is right', async (t) => {
  // readings.ts is a program that runs several.
  const others = /^data\/|^objectives\/|^README.md$|^readings.ts$|\.d\.ts$/;
  const definitions = filesBelow(folder).filter((name) => !others.test(name));
  t.ok(definitions.length > 0, 'there are experiments');
  for (const name of definitions) {
    await t.resolves(loadExperiment(join(folder, name)), name);
  }
});

t.test('the readings of the paper are run one by one and printed beside what it says', async (t) => {
  const cwd = t.testdir({ results: { 'bestmodel.json': "the paper's" } });
  const script = ['--conditions=coresweep-source', join(folder, 'readings.ts'), '--epochs', '1'];
  const { stdout } = await promisify(execFile)(process.execPath, script, { cwd });
  t.equal(readFileSync(join(cwd, 'results/bestmodel.json'), 'utf8'), "the paper's", 'whose model stays');
  t.match(stdout, /The paper says: about 84 %/);
  const rows = stdout
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
  t.equal(rows.length, 5, 'five readings');
  for (const row of rows) t.equal(row.match(/\b\d+\.\d\b/g)?.length, 9, `nine accuracies in ${row}`);
});

t.test('the accuracies and errors in the README are those of the files', async (t) => {
  const finalOf = (name: string) => {
    const database = join(t.testdirName, name, 'results.db');
    const line = [
      '--conditions=coresweep-source',
      join(root, 'src/bin.ts'),
      'run',
      join(folder, `${name}.yaml`),
    ];
    const options = ['--db', database, '--format', 'json'];
    const printed = execFileSync(process.execPath, [...line, ...options], {
      encoding: 'utf8',
      stdio: 'pipe',
    });
    return JSON.parse(printed).final as { readonly testAccuracy: number; readonly testRmse: number };
  };
  const percent = (name: string) => `${(100 * finalOf(name).testAccuracy).toFixed(2)} %`;
  t.testdir({});
  const rows = [...readme.matchAll(/^\| \[([\w-]+)\]\(data\/.*?\) \| (.*?) \| (.*?) \|$/gm)];
  t.equal(rows.length, 4, 'four sets of rows');
  for (const [, name, network, linear] of rows) {
    t.same([network, linear], [percent(`${name}`), percent(`${name}-linear`)], `${name}`);
  }
  const errors =
    /`friedman.yaml` .* test RMSE ([\d.]+), where `friedman-linear.yaml` reaches\s+([\d.]+),/s.exec(readme);
  const rmse = (name: string) => finalOf(name).testRmse.toFixed(2);
  t.same(errors?.slice(1), [rmse('friedman'), rmse('friedman-linear')], 'friedman');
});

t.test(
  'each objective in experiments/ gives a result at the first and at the last point of its space',
  async (t) => {
    const names = ['ridge.ts', 'iris-neighbours.ts', 'logistic-python.yaml', 'sqlite.ts'];
    for (const name of names) {
      t.match(readme, `npm run coresweep -- run experiments/${name}`);
      const { experiment } = await loadExperiment(join(folder, name));
      const { objective } = experiment;
      if (objective === undefined) throw new Error(`${name} has no objective.`);
      const measured = { metrics: experiment.metrics, rankedBy: experiment.search.result };
      const executor =
        'command' in objective
          ? commandExecutor({ ...measured, ...objective, folder }, 1)
          : functionExecutor({ ...measured, module: join(folder, objective.module) }, 1);
      await executor.ready();
      const points = enumerationOf(spaceOf(experiment.space));
      for (const index of [0, points.count - 1]) {
        const job = {
          number: index + 1,
          role: 'search',
          key: 'k',
          replicate: 0,
          attempt: 1,
          seed: 1,
        } as const;
        const start = { from: 'nothing' } as const;
        const params = points.at(index);
        const outcome = await executor.start({ ...job, params, start, limits: experiment.limits }).outcome;
        t.match(
          outcome,
          { state: 'done', result: { best: { values: Array } } },
          `${name} ${JSON.stringify(params)}`,
        );
      }
      await executor.close();
    }
  },
);

t.test('the numbers of rows in the README of data/ are those of the files', async (t) => {
  const text = readFileSync(join(folder, 'data/README.md'), 'utf8');
  const counts = [...text.matchAll(/^\| `([\w.-]+)` \| ([\d,]+) \|/gm)];
  t.equal(counts.length, 5, 'five files');
  for (const [, name, count] of counts) {
    const lines = readFileSync(join(folder, 'data', `${name}`), 'utf8')
      .trim()
      .split('\n');
    t.equal(Number(count?.replace(',', '')), lines.length - 1, `${name}`);
  }
});

t.test('every definition in the README is right, and in that of the repository', async (t) => {
  const blocks = codeBlocks(readme).filter(({ language }) => ['ts', 'yaml', 'json'].includes(language));
  t.same(
    blocks.map(({ language }) => language),
    ['ts', 'yaml', 'json', 'yaml', 'ts', 'yaml', 'yaml', 'yaml'],
  );
  const ofRepository = codeBlocks(readFileSync(join(root, 'README.md'), 'utf8'));
  const others = ofRepository.filter(({ text }) => text.includes('export default'));
  t.equal(others.length, 1);
  blocks.push(...others);
  // Out there a package cannot import itself by name.
  const index = pathToFileURL(join(root, 'src/index.ts')).href;
  const nameOf = ({ line, language }: CodeBlock) => `at-line-${line}.${language}`;
  const files = blocks.map((block) => [nameOf(block), block.text.replace("'coresweep'", `'${index}'`)]);
  const written = t.testdir(Object.fromEntries(files));
  for (const block of blocks) {
    await t.resolves(loadExperiment(join(written, nameOf(block))), `the definition at line ${block.line}`);
  }
});

t.test('the README names every key of the schema and no other', async (t) => {
  t.match(readme, '| `space.` and any key of `model` and `training` |');
  t.same([...documented.keys()].sort(), [...keysOfBoth().keys()].sort());
});

t.test('the README names every exit code', async (t) => {
  const [, listed = ''] = /^Exit codes, for scripts: (.*?)\n\n/ms.exec(readme) ?? [];
  const named = [...listed.matchAll(/(?<=^|; )(\d+)(?: and (\d+))? /gm)].flatMap(([, ...codes]) => codes);
  const stopped = [130, 143];
  t.same(named.filter((code) => code !== undefined).map(Number), [
    ...new Set(Object.values(exitCodes)),
    ...stopped,
  ]);
});

t.test('whatever key the text of the README names is one of them', async (t) => {
  const names = /`((?:data|search|prune|limits|start)\.[\w.]+)(?=[`:])/g;
  const named = [...readme.matchAll(names)].map(([, key]) => key as string);
  t.ok(named.length > 100, `${named.length} are named`);
  t.same(
    named.filter((key) => ![...documented.keys()].some((known) => `${known}.`.startsWith(`${key}.`))),
    [],
  );
});

t.test('the defaults in the README are those of the schema', async (t) => {
  for (const [key, { default: value }] of keysOfBoth()) {
    t.equal(documented.get(key)?.usual, value === undefined ? undefined : String(value), key);
  }
});

t.test('the limits in the README are those of the schema', async (t) => {
  const number = (text: string | undefined) => Number(text?.replaceAll(',', ''));
  for (const [key, { minimum, maximum, minLength, maxLength }] of keysOfBoth()) {
    const [, from, to] = /([\d.,]+(?:e-\d+)?) to ([\d.,]+)/.exec(documented.get(key)?.type ?? '') ?? [];
    const [low, high] = [minimum ?? minLength, maximum ?? maxLength];
    // A seed may be as large as whole numbers are.
    if (from !== undefined || (low !== undefined && high !== undefined && high < Number.MAX_SAFE_INTEGER)) {
      t.same([number(from), number(to)], [low, high], key);
    }
  }
  t.match(readme, `More than ${defaultMaxTrials.toLocaleString('en')} trials are refused`);
});
