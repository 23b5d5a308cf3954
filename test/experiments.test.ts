/** The definitions in experiments/ and what its README says about them, held against the schema itself. */

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import t from 'tap';
import { loadExperiment } from '../src/experiment/load.ts';
import { experimentJsonSchema } from '../src/experiment/schema.ts';
import { type CodeBlock, codeBlocks } from './markdown.ts';
import { filesBelow, root } from './source.ts';

const folder = join(root, 'experiments');
const readme = readFileSync(join(folder, 'README.md'), 'utf8');

interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly oneOf?: readonly Schema[];
  readonly default?: unknown;
}

/** Every key with its default, as `data.source`; keys below explicit weights belong to `model.initialWeights`. */
function keysOf(schema: Schema, path: readonly string[] = []): Map<string, unknown> {
  const places = [schema, ...(schema.oneOf ?? [])].flatMap(({ properties }) =>
    Object.entries(properties ?? {}),
  );
  const keys = places.flatMap(([name, inner]) => {
    const below = keysOf(inner, [...path, name]);
    return below.size > 0 ? [...below] : [[[...path, name].join('.'), inner.default] as const];
  });
  return new Map(keys.filter(([name]) => name !== '$schema'));
}

/** The rows of the README's table: key to what its column of defaults holds in code. */
const documented = new Map(
  [...readme.matchAll(/^\| `([\w.]+)` \|(.*)$/gm)].map(([, key, rest]) => {
    const columns = (rest as string).split(/(?<!\\)\|/);
    return [key as string, /^`(.*)`$/.exec(columns[1]?.trim() ?? '')?.[1]];
  }),
);

t.test('every definition in experiments/ is right', async (t) => {
  // readings.ts is a program that runs several.
  const others = /^data\/|^README.md$|^readings.ts$/;
  const definitions = filesBelow(folder).filter((name) => !others.test(name));
  t.ok(definitions.length > 0, 'there are experiments');
  for (const name of definitions) {
    await t.resolves(loadExperiment(join(folder, name)), name);
  }
});

t.test('the readings of the paper are run one by one and printed beside what it says', async (t) => {
  const database = join(t.testdir({}), 'readings.db');
  const script = [
    '--conditions=coresweep-source',
    join(folder, 'readings.ts'),
    '--epochs',
    '1',
    '--db',
    database,
  ];
  const { stdout } = await promisify(execFile)(process.execPath, script, { cwd: root });
  t.match(stdout, /The paper says: about 84 %/);
  const rows = stdout
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
  t.equal(rows.length, 5, 'five readings');
  for (const row of rows) t.equal(row.match(/\b\d+\.\d\b/g)?.length, 9, `nine accuracies in ${row}`);
});

t.test('every definition in the README is right', async (t) => {
  const blocks = codeBlocks(readme).filter(({ language }) => ['ts', 'yaml', 'json'].includes(language));
  t.same(
    blocks.map(({ language }) => language),
    ['ts', 'yaml', 'json'],
  );
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
  t.same([...documented.keys()].sort(), [...keysOf(experimentJsonSchema() as Schema).keys()].sort());
});

t.test('the defaults in the README are those of the schema', async (t) => {
  for (const [key, value] of keysOf(experimentJsonSchema() as Schema)) {
    t.equal(documented.get(key), value === undefined ? undefined : String(value), key);
  }
});
