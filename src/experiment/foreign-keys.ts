/** What other tools call what a definition has under another key, or the command line as an option. Not here: misspelt keys (nearest.ts). */

interface Foreign {
  /** Lower case, without what stands between words. */
  readonly names: readonly string[];
  readonly network: string;
  /** The same where it is left out. */
  readonly objective?: string;
}

const foreignKeys: readonly Foreign[] = [
  { names: ['pruner', 'pruning', 'earlyterminate', 'scheduler'], network: '"prune" at the top' },
  { names: ['sampler', 'searcher', 'algorithm', 'algo', 'strategy'], network: '"search.method"' },
  { names: ['ntrials', 'numtrials', 'maxtrials', 'maxevals', 'niter', 'runcap'], network: '"search.trials"' },
  { names: ['lr', 'learningrate'], network: '"space.learningRate"' },
  { names: ['bs', 'batchsize'], network: '"space.batchSize"' },
  {
    names: ['metric', 'objectives', 'direction', 'directions', 'goal', 'mode'],
    network: '"search.metric"',
    objective: '"metrics", such as { loss: maximise }, where the first one decides',
  },
  { names: ['timeout', 'maxtime', 'timelimit', 'timebudget'], network: '"limits.runSeconds"' },
  {
    names: ['threads', 'nthreads', 'njobs', 'jobs', 'workers', 'numworkers', 'parallel', 'concurrency'],
    network: 'the option --threads',
  },
  { names: ['db', 'database', 'storage', 'output'], network: 'the option --db' },
];

/** The same of a parameter of the space: a range, or a list of values. */
const ofParameters: readonly { readonly names: readonly string[]; readonly written: string }[] = [
  {
    names: ['min', 'max', 'low', 'high', 'lower', 'upper', 'range', 'uniform', 'loguniform', 'distribution'],
    written: '{ float: [min, max] } or { int: [min, max] }',
  },
  {
    names: ['value', 'values', 'choices', 'options', 'categories', 'categorical'],
    written: '{ choice: [...] }',
  },
  { names: ['log', 'logscale'], written: '"scale: log"' },
  { names: ['q', 'quantum', 'quantization'], written: '"step"' },
];

/** How a parameter of the space says what is meant by a key. */
export const meantInParameter = (key: string): string | undefined =>
  ofParameters.find(({ names }) => names.includes(plain(key)))?.written;

const plain = (key: string): string => key.toLowerCase().replaceAll(/[-_ ]/g, '');

/** Where a definition of the form has what is meant by a key; undefined where that is not known. */
export function meantElsewhere(key: string, form: 'network' | 'objective'): string | undefined {
  const found = foreignKeys.find(({ names }) => names.includes(plain(key)));
  return form === 'objective' ? (found?.objective ?? found?.network) : found?.network;
}
