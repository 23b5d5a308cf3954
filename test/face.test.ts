import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { root, withoutComments } from './source.ts';

/** The public face. A name comes or goes here, in src/index.ts and in CHANGELOG.md together. */
const face = {
  values: [
    'CoresweepError',
    'boolean',
    'choice',
    'defineExperiment',
    'float',
    'int',
    'loadModel',
    'openResults',
    'openStudy',
    'predict',
    'predictNumbers',
    'runSweep',
    'sweepEvents',
    'trainMlp',
  ],
  types: [
    'Arrays',
    'AskedTrial',
    'Axis',
    'DoneTrial',
    'Encoding',
    'EpochMetrics',
    'Experiment',
    'ExperimentInput',
    'Metric',
    'MetricOf',
    'MetricsInput',
    'MlpOptions',
    'MlpResult',
    'Model',
    'Network',
    'NetworkExperiment',
    'NetworkInput',
    'ObjectiveDefinition',
    'ObjectiveExperiment',
    'ObjectiveFunction',
    'ObjectiveInput',
    'Params',
    'ParamsOf',
    'Prediction',
    'Provenance',
    'ReadOnlyResults',
    'RegressionMetrics',
    'Report',
    'Returned',
    'Role',
    'RunSweepOptions',
    'RunnableObjective',
    'SpaceDefinition',
    'Study',
    'StudyDefinition',
    'SweepEnd',
    'SweepEvent',
    'SweepResult',
    'TrainedWeights',
    'Trial',
    'TrialGiven',
    'TrialOutcome',
    'TypedExperiment',
    'TypedSweepResult',
    'Unconditional',
    'Value',
    'ValuesOf',
    'WrittenAxis',
    'WrittenSpace',
  ],
};

/** The names that a list of exports gives: `export { a, type B as C } from './d.ts'`. */
function exportedNames(source: string): { values: string[]; types: string[] } {
  const names = { values: [] as string[], types: [] as string[] };
  for (const [, allTypes, list] of withoutComments(source).matchAll(/\bexport\s+(type\s+)?\{([^}]*)\}/g)) {
    for (const item of (list as string).split(',').map((text) => text.trim())) {
      const [, isType, name, publicName] = /^(type\s+)?(\w+)(?:\s+as\s+(\w+))?$/.exec(item) ?? [];
      if (name === undefined) continue;
      (allTypes || isType ? names.types : names.values).push(publicName ?? name);
    }
  }
  return { values: names.values.sort(), types: names.types.sort() };
}

const index = () => readFileSync(join(root, 'src/index.ts'), 'utf8');

t.test('index.ts exports exactly the names pinned in this test', async (t) => {
  t.same(exportedNames(index()), face, 'pin a new name in `face` above, or take it out of src/index.ts');
});

t.test('index.ts refuses an old Node, then is a list of named exports and nothing else', async (t) => {
  const rest = withoutComments(index()).replaceAll(/\bexport\s+(?:type\s+)?\{[^}]*\}\s*from\s*'[^']+';/g, '');
  t.equal(rest.trim(), "import './refuse-old-node.ts';", 'no export *, no default, no code');
});

t.test('what index.ts promises is there when it is loaded', async (t) => {
  const loaded: Record<string, unknown> = await import('../src/index.ts');
  t.same(Object.keys(loaded).sort(), face.values);
});

t.test('what index.ts exports says in its doc comment what it is', async (t) => {
  t.plan(face.values.length + face.types.length);
  for (const [, list = '', file = ''] of index().matchAll(/\{([^}]*)\} from '\.\/([^']+)'/g)) {
    const source = readFileSync(join(root, 'src', file), 'utf8');
    for (const [, name] of list.matchAll(/(?:^|,)\s*(?:type\s+)?(\w+)/g)) {
      const declared = new RegExp(
        `\\*/\\n(?://.*\\n)?export (?:async )?(?:type|interface|class|const|function\\*?) ${name}\\b`,
      );
      t.match(source, declared, `${name} in ${file}`);
    }
  }
});

t.test('types, values and new names are told apart', async (t) => {
  const source =
    "export { b, a as c, type D } from './x.ts';\nexport type { E } from './y.ts';\n// export { no };";
  t.same(exportedNames(source), { values: ['b', 'c'], types: ['D', 'E'] });
});
