import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import t, { type Test } from 'tap';
import { loadExperiment } from '../../src/experiment/load.ts';
import { networkOf } from '../../src/experiment/network.ts';
import { growsAsItsInput } from '../growth.ts';
import { root } from '../source.ts';
import { right } from './definition.ts';

const yaml = `name: small
data: { source: mnist, train: [0, 100], validation: [100, 200], test: [0, 50] }
model:
  hidden: [20]
training: # comments are for people
  epochs: 5
space:
  learningRate: [0.1, 1e-2]
  batchSize: [10, 100]
`;

/** What is said of a file with that name and text. */
async function refusal(t: Test, name: string, text: string): Promise<{ code: string; message: string }> {
  const folder = t.testdir({ [name]: text });
  try {
    await loadExperiment(join(folder, name));
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    return { code, message: message.replaceAll(folder, 'FOLDER') };
  }
  return { code: 'none', message: 'the definition was taken' };
}

t.test('YAML, JSON, TypeScript and JavaScript give the same experiment', async (t) => {
  const define = pathToFileURL(join(root, 'src/experiment/define.ts')).href;
  const text = JSON.stringify(right, null, '\t');
  const folder = t.testdir({
    'a.yaml': yaml,
    'a.yml': `\ufeff${yaml}`,
    'a.json': text,
    'a.ts': `import { defineExperiment } from '${define}';\nexport default defineExperiment(${text});`,
    'a.mjs': `export default ${text};`,
  });
  const { experiment, notes } = await loadExperiment(join(folder, 'a.yaml'));
  t.same(experiment.space, right.space);
  t.same(notes, []);
  for (const name of ['a.yml', 'a.json', 'a.ts', 'a.mjs']) {
    t.strictSame((await loadExperiment(join(folder, name))).experiment, experiment, name);
  }
});

t.test('overrides hold for one loading alone, and the last one wins', async (t) => {
  const folder = t.testdir({ 'a.mjs': `export default ${JSON.stringify(right)};` });
  const load = async (...overrides: string[]) =>
    networkOf((await loadExperiment(join(folder, 'a.mjs'), overrides)).experiment, 'the test needs').training
      .epochs;
  t.equal(await load('training.epochs=7', 'training.epochs=8'), 8);
  t.equal(await load(), 5);
});

t.test('values given twice on an axis are tried once, and each is noted once', async (t) => {
  const folder = t.testdir({ 'a.yaml': yaml });
  const { experiment, notes } = await loadExperiment(join(folder, 'a.yaml'), [
    'space.learningRate=0.1,1e-1,0.2,0.10',
    'space.batchSize=20,10,20',
  ]);
  t.same(experiment.space, { learningRate: [0.1, 0.2], batchSize: [20, 10] });
  t.same(notes, [
    'space.learningRate holds 0.1 more than once; it is tried once.',
    'space.batchSize holds 20 more than once; it is tried once.',
  ]);
});

t.test('broken YAML is refused with its line', async (t) => {
  for (const [text, said] of [
    ['name: [1\nfoo: bar', /at line 2, column 1\. *$/],
    ['name: a\nname: b', /the key "name" is given twice at line 2, column 1\.$/],
    ['name: !!js/function "x"', /Unresolved tag: .* at line 1, column 7\.$/],
    ['model: { hidden: !!binary AAAA }', /Unresolved tag: .*binary at line 1, column 18\.$/],
    [`${yaml}---\nname: b`, /it must hold one document, but a second begins at line 10, column 1\.$/],
  ] as const) {
    const { code, message } = await refusal(t, 'a.yaml', text);
    t.equal(code, 'ERR_DEFINITION_FILE');
    t.match(message, said);
    t.notMatch(message, /\n/, 'one line');
  }
});

t.test('a module that Node takes for CommonJS is refused with what helps, others without', async (t) => {
  const folder = t.testdir({
    'package.json': '{ "type": "commonjs" }',
    'imports.ts': "import { join } from 'node:path';\nexport default join;",
    'exports.js': 'export default {};',
    'awaits.ts': 'await 1;',
    'misspelt.ts': 'const x = ;',
  });
  for (const [name, remedy] of [
    ['imports.ts', true],
    ['exports.js', true],
    ['awaits.ts', true],
    ['misspelt.ts', false],
  ] as const) {
    const refused = await loadExperiment(join(folder, name)).catch(String);
    t.match(refused, /cannot be read as a definition/);
    t.equal(
      /\(npm pkg set type=module\), or let its name end in \.mts or \.mjs\.$/.test(`${refused}`),
      remedy,
      name,
    );
  }
});

t.test('a definition that would grow or nest without end is refused', async (t) => {
  const list = (item: string) => `[${new Array(9).fill(item).join(', ')}]`;
  const bomb = `a: &a ${list('x')}\nb: &b ${list('*a')}\nc: &c ${list('*b')}\nname: ${list('*c')}`;
  t.match(await refusal(t, 'a.yaml', bomb), { code: 'ERR_DEFINITION_FILE', message: /alias count/ });
  for (const [name, text] of [
    ['a.yaml', `name: ${'{a: '.repeat(20_000)}1${'}'.repeat(20_000)}`],
    ['a.json', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
    ['a.json', '['.repeat(200_000)],
    ['a.yaml', '- '.repeat(100_000)],
    ['a.yaml', '? '.repeat(100_000)],
  ] as const) {
    t.match(await refusal(t, name, text), {
      code: 'ERR_DEFINITION_FILE',
      message: /it is nested too deeply/,
    });
  }
  t.match(await refusal(t, 'a.yaml', 'name: &n [*n]'), { code: 'ERR_DEFINITION', message: /Circular/ });
});

t.test('of very many faults the first hundred are named', async (t) => {
  const keys = Array.from({ length: 20_000 }, (_, index) => `k${index}: 1`).join('\n');
  for (const [text, code, said] of [
    [keys, 'ERR_DEFINITION', /20002 faults:(\n {2}.*){100}\n {2}and 19902 more$/],
    [`name: ${'!a '.repeat(60_000)}`, 'ERR_DEFINITION_FILE', /at most one tag at line 1, column 10\.$/],
    [`${keys}\n"k7": 1`, 'ERR_DEFINITION_FILE', /"k7" is given twice at line 20001, column 1\.$/],
    [`${keys}\n1: 1\n"1": 1`, 'ERR_DEFINITION_FILE', /"1" is given twice/],
  ] as const) {
    t.match(await refusal(t, 'a.yaml', text), { code, message: said });
  }
});

t.test('a key that is a list or a group is refused, however deep such keys are nested', async (t) => {
  for (const text of ['? [a]\n: 1', '{{a: 1}: 1}', 'a: &a x\n*a : 1', `${'? '.repeat(600)}x`]) {
    t.match(await refusal(t, 'a.yaml', text), {
      code: 'ERR_DEFINITION_FILE',
      message: /a key must be a single word or number at line/,
    });
  }
});

t.test('the time to read or refuse a definition grows as its length', async (t) => {
  const folder = t.testdir();
  const file = join(folder, 'a.yaml');
  const lines = (count: number, line: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => line(index)).join('\n');
  for (const [what, size, text] of [
    ['keys of keys', 40, (size: number) => `${'? '.repeat(size)}x`],
    ['different keys', 2_000, (size: number) => lines(size, (index) => `k${index}: 1`)],
    ['one key', 2_000, (size: number) => lines(size, () => 'k: 1')],
    ['tags', 5_000, (size: number) => `name: ${'!a '.repeat(size)}`],
    ['anchors', 2_000, (size: number) => lines(size, (index) => `- &a${index} x`)],
    ['aliases', 2_000, (size: number) => `- &a x\n${lines(size, () => '- *a')}`],
    ['lists in lists', 2_000, (size: number) => '['.repeat(size)],
    ['groups in groups', 2_000, (size: number) => '{a: '.repeat(size)],
    ['colons', 2_000, (size: number) => 'a: '.repeat(size)],
    ['digits', 50_000, (size: number) => `name: ${'1'.repeat(size)}x`],
    ['quotes', 50_000, (size: number) => `name: "${'\\"'.repeat(size / 2)}`],
    ['a folded text', 5_000, (size: number) => `name: >\n${'  b\n\n'.repeat(size)}`],
  ] as const) {
    await growsAsItsInput(t, what, size, text, async (text) => {
      writeFileSync(file, text);
      await t.rejects(loadExperiment(file), { code: /^ERR_DEFINITION/ });
    });
  }
});

t.test('a few aliases are welcome', async (t) => {
  const folder = t.testdir({
    'a.yaml': `${yaml.replace('epochs: 5', 'epochs: &e 5')}final: { epochs: *e }\n`,
  });
  const { experiment } = await loadExperiment(join(folder, 'a.yaml'));
  t.equal(networkOf(experiment, 'the test needs').final?.epochs, 5);
});

t.test('__proto__ in a file is an unknown key and touches no prototype', async (t) => {
  for (const [name, text, path] of [
    ['a.yaml', `${yaml}__proto__: { polluted: 1 }`, '__proto__'],
    ['a.yaml', `${yaml}final: { epochs: 1, __proto__: { polluted: 1 } }`, 'final.__proto__'],
    ['a.json', `{ "__proto__": { "polluted": 1 }, ${JSON.stringify(right).slice(1)}`, '__proto__'],
  ] as const) {
    const { code, message } = await refusal(t, name, text);
    t.equal(code, 'ERR_DEFINITION');
    t.match(message, `has a fault:\n  ${path} is not a known key`);
  }
  t.notOk('polluted' in {});
});

t.test('an empty file lacks everything', async (t) => {
  t.match(await refusal(t, 'a.yaml', ''), {
    code: 'ERR_DEFINITION',
    message: /the definition must have a name and say what is tried: .*, but it is empty\.$/,
  });
});

t.test('a TypeScript file that cannot be loaded is refused with the reason and the line', async (t) => {
  for (const [name, text, said] of [
    ['syntax.ts', '\nexport default { name: "x" as string; }', /Expected ',', got ';' \(line 2\)\.$/],
    ['enum.ts', 'enum A { B }\nexport default {};', /enum is not supported .*\(line 1\)\.$/],
    ['throws.ts', '\n\nthrow new Error("oh no");', /Error: oh no \(line 3\)\.$/],
    ['null.ts', 'throw null;', /null\.$/],
    ['import.ts', 'import x from "./nowhere.ts";\nexport default x;', /Cannot find module/],
    ['without.ts', 'export const experiment = {};', /it has no default export: write `export default /],
  ] as const) {
    const { code, message } = await refusal(t, name, text);
    t.equal(code, 'ERR_DEFINITION_FILE', name);
    t.match(message, said);
  }
});

t.test('a fault of an imported file is told with its file and line', async (t) => {
  for (const [name, text, said] of [
    ['own.mjs', 'export default 1;\nconst x = ;', /Unexpected token ';' \(line 2\)\.$/],
    ['a.mjs', 'import "./lib/syntax.js";', /Unexpected token ';' \(lib\/syntax\.js, line 2\)\.$/],
    ['b.ts', 'import "./lib/typed.ts";', /\(lib\/typed\.ts, line 2\)\.$/],
    ['c.ts', 'import "./lib/twice.ts";', /'a' has already been declared \(lib\/twice\.ts, line 2\)\.$/],
    ['d.ts', '\nimport "./lib/throws.ts";', /Error: oh no \(lib\/throws\.ts, line 3\)\.$/],
    ['e.mjs', '\nJSON.parse("{");', /\(line 2\)\.$/],
  ] as const) {
    const lib = {
      'syntax.js': 'export const y = 1;\nconst x = ;',
      'typed.ts': 'export const y = 1;\nconst x: = 5;',
      'twice.ts': 'export const a: number = 1;\nlet a = 2;',
      'throws.ts': '\n\nthrow new Error("oh no");\nexport {};',
      'package.json': '{"type": "module"}',
    };
    const folder = t.testdir({ [name]: text, lib });
    await t.rejects(loadExperiment(join(folder, name)), { code: 'ERR_DEFINITION_FILE', message: said }, name);
  }
});

t.test('a file that is missing, of another kind or too large is refused unread', async (t) => {
  const folder = t.testdir({
    'a.txt': yaml,
    'folder.yaml': {},
    'large.yaml': '#'.repeat(256 * 1024 + 1),
    'wide.yaml': Buffer.from('\ufeffname: x', 'utf16le'),
    'loop.yaml': t.fixture('symlink', 'loop.yaml'),
  });
  execFileSync('mkfifo', [join(folder, 'pipe.yaml')]);
  for (const [name, said] of [
    ['none.yaml', /^There is no definition .*none\.yaml"\. Name a \.ts, \.js, \.json or \.yaml file\.$/],
    ['a.txt', /its name ends in "\.txt", not \.ts, \.js, \.json, \.yaml or \.yml\.$/],
    ['folder.yaml', /it is a folder\.$/],
    ['lage.yaml', /^There is no definition .*lage\.yaml"\. Did you mean "large\.yaml"\?$/],
    ['large.yml', /^There is no definition .*large\.yml"\. Did you mean "large\.yaml"\?$/],
    ['large', /Did you mean "large\.yaml"\?$/],
    ['nowhere/large.yaml', /Name a \.ts/],
    ['wide.yaml', /it is no text in UTF-8\.$/],
    ['pipe.yaml', /it is not a regular file\.$/],
    ['large.yaml', /it has 262145 bytes, and at most 262144 are read\.$/],
    ['loop.yaml', /ELOOP/],
  ] as const) {
    await t.rejects(loadExperiment(join(folder, name)), {
      code: 'ERR_DEFINITION_FILE',
      exitCode: 2,
      message: said,
    });
  }
});

t.test('a path of nothing is no file, and a file of nothing is empty', async (t) => {
  await t.rejects(loadExperiment(''), {
    code: 'ERR_DEFINITION_FILE',
    message: /^There is no definition ""\./,
  });
  for (const text of ['', ' \n', '# a comment\n'])
    t.match(await refusal(t, 'a.yaml', text), { code: 'ERR_DEFINITION', message: /, but it is empty\.$/ });
});

t.test('a function in a definition stands for the file, which each thread imports', async (t) => {
  const folder = t.testdir({
    'ridge.mjs': `export default {
      name: 'ridge', space: { alpha: [1] }, metrics: { error: 'minimise' }, objective: ({ params }) => params.alpha,
    };`,
  });
  const { experiment, notes } = await loadExperiment(join(folder, 'ridge.mjs'), ['search.trials=5']);
  t.same(experiment.objective, { module: './ridge.mjs' });
  t.equal(experiment.search.trials, 5);
  t.same(notes, []);
});

t.test('of metrics without goals it is said which way the first is better', async (t) => {
  const folder = t.testdir({
    'a.yaml': 'name: a\nspace: { x: [1, 1] }\nmetrics: [loss, seconds]\nobjective: { command: [run] }\n',
  });
  const { notes } = await loadExperiment(join(folder, 'a.yaml'));
  t.same(notes, [
    'metrics gives no goals: "loss" is minimised. To maximise it, write metrics: { loss: maximise }.',
    'space.x holds 1 more than once; it is tried once.',
  ]);
});

t.test(
  'a parameter that only the command line has is told, for a misspelt one would be another',
  async (t) => {
    const text =
      'name: a\nspace: { alpha: [1] }\nmetrics: { loss: minimise }\nobjective: { command: [run] }\n';
    const file = join(t.testdir({ 'a.yaml': text }), 'a.yaml');
    t.same((await loadExperiment(file, ['space.alpha=1,2'])).notes, []);
    t.same((await loadExperiment(file, ['space.alpah=1,2', 'space.x=3'])).notes, [
      '--set adds the parameter alpah, which the definition does not have; did you mean "alpha"?',
      '--set adds the parameter x, which the definition does not have.',
    ]);
  },
);
