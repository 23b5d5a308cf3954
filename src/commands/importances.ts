/** Prints how much each parameter mattered. Not here: how that is worked out (evidence), and its figure. */
import { errors, exitCodes } from '../errors.ts';
import { recordedSpace } from '../experiment/recorded.ts';
import { type Importance, importancesOf } from '../findings/importances.ts';
import type { Experiment, Results } from '../store/results.ts';
import { paperOf } from '../terminal/paper.ts';
import { rowsAs } from '../terminal/rows.ts';
import type { Column } from '../words/column.ts';
import { deciding, type Measure, type Tried, triedBy } from '../words/measures.ts';
import { wrapped } from '../words/text.ts';
import { countText, parameterTitle, percent } from '../words/units.ts';
import { defineCommand } from './command.ts';
import { databaseOption, experimentOption, formatOption } from './options.ts';
import { withExperiment } from './with-experiment.ts';

const metricOption = {
  type: 'string',
  requiresArg: true,
  describe: 'What they matter for; the metric that decides, if absent',
} as const;

export const importancesCommand = defineCommand({
  usage: 'importances',
  summary: 'Show how much each parameter mattered, from the recorded trials',
  examples: [
    ['importances', 'the latest experiment in results/results.db'],
    ['importances --metric validationLoss', 'what mattered for another metric than the one that decides'],
    ['importances --format json', 'for a program'],
  ],
  positionals: [],
  options: { metric: metricOption, db: databaseOption, experiment: experimentOption, format: formatOption },
  run: (args, { out }) =>
    withExperiment(args, (results, experiment) => {
      const tried = triedBy(experiment);
      const measure = measureCalled(args.metric, tried);
      const { rows, done } = found(results, experiment, { tried, measure });
      const paper = paperOf(out, {});
      const table = rowsAs(args.format, columns, rows, paper);
      const isForPeople = args.format === 'table' || args.format === 'markdown';
      const explained = `Functional ANOVA: how much of the variance of the ${measure.title} a parameter explains alone, as a share of what all explain alone, in ${countText(done)} done trials; none for a parameter that does not apply to every trial. PED-ANOVA: how much the best tenth of the trials differs from all trials in it, also as a share.`;
      out.write(`${table}\n${isForPeople ? `\n${wrapped(explained, paper.width)}\n` : ''}`);
      return exitCodes.done;
    }),
});

/** @throws ERR_NO_METRIC for one without a goal too: by it no trials are the best, which PED-ANOVA asks for */
function measureCalled(name: string | undefined, tried: Tried): Measure {
  if (name === undefined) return deciding(tried);
  const judged = tried.measures.filter(({ goal }) => goal !== 'none');
  const measure = judged.find(({ key }) => key === name);
  if (measure === undefined)
    throw errors.noMetric(
      name,
      judged.map(({ key }) => key),
    );
  return measure;
}

/** @throws ERR_NO_IMPORTANCES where there is too little to learn from */
function found(
  results: Results,
  run: Experiment,
  by: { readonly tried: Tried; readonly measure: Measure },
): { rows: readonly Importance[]; done: number } {
  const done = results.ranked(run.id).filter((trial) => trial.state === 'done');
  const rows = importancesOf({ ...by, done, space: recordedSpace(run) });
  if (rows.length === 0) throw errors.noImportances(run.name, done.length);
  return { rows, done: done.length };
}

const share = (value: number | undefined): string => (value === undefined ? '' : percent(value));

const columns: readonly Column<Importance>[] = [
  {
    ...{ key: 'parameter', title: 'parameter', align: 'left', value: ({ name }) => name },
    text: ({ name }) => parameterTitle(name),
  },
  {
    ...{ key: 'fanova', title: 'functional ANOVA', align: 'right', value: (row) => row.fanova ?? null },
    text: ({ fanova }) => share(fanova),
  },
  {
    ...{ key: 'pedAnova', title: 'PED-ANOVA', align: 'right', value: ({ pedAnova }) => pedAnova },
    text: ({ pedAnova }) => share(pedAnova),
  },
];
