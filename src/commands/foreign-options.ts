/** The names that other tools have for our options, which their users type. Not here: misspelt names (nearest.ts). */

interface Foreign {
  /** Whether a command has it decides whether it is meant. */
  readonly option: string;
  /** How it is written here, where that is more than its name. */
  readonly written?: string;
  readonly names: readonly string[];
}

/** The first that a command has is meant: where nothing has an --output, all is written beside the database. */
const foreignOptions: readonly Foreign[] = [
  { option: 'output', names: ['o', 'out', 'out-file', 'output-file', 'output-dir'] },
  { option: 'db', names: ['database', 'storage', 'sqlite', 'o', 'out', 'output', 'output-dir', 'out-dir'] },
  {
    option: 'threads',
    names: [
      'j',
      'jobs',
      'n-jobs',
      'num-workers',
      'n-workers',
      'max-workers',
      'workers-count',
      'cpus',
      'parallel',
    ],
  },
  {
    option: 'set',
    written: 'set search.trials=N',
    names: ['trials', 'n-trials', 'num-trials', 'max-evals', 'n-iter', 'count', 'run-cap'],
  },
  { option: 'stop-after', names: ['timeout', 'time-limit', 'max-time', 'time-budget'] },
  { option: 'seed', names: ['random-state', 'random-seed'] },
  { option: 'experiment', names: ['study', 'study-name', 'run', 'run-id', 'sweep'] },
  { option: 'values', names: ['value', 'metrics', 'result'] },
];

/** How the option of another tool is written in a command with the options `known`; undefined where it has none like it. */
export function fromElsewhere(given: string, known: readonly string[]): string | undefined {
  const name = given.toLowerCase().replaceAll('_', '-');
  const meant = foreignOptions.find(({ option, names }) => names.includes(name) && known.includes(option));
  return meant && (meant.written ?? meant.option);
}
