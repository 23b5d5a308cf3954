/**
 * The experiments of a database, a row each, to be compared.
 * Not here: which trial of an experiment leads, which the store says.
 */

import { spreadOf } from '../findings/combinations.ts';
import type { ListedRun } from '../findings/listed-runs.ts';
import type { Spread } from '../store/ranking.ts';
import { isStudy } from '../sweep/is-study.ts';
import type { Column } from '../words/column.ts';
import type { Format } from '../words/formats.ts';
import { deciding, type Measure, meanText, tellsClasses, valueIn } from '../words/measures.ts';
import { printable } from '../words/text.ts';
import { countText, paramsText, percent, secondsText } from '../words/units.ts';
import type { Paper } from './paper.ts';
import { rowsAs } from './rows.ts';

/** Oldest first, as they are given. */
export const experimentsAs = (format: Format, runs: readonly ListedRun[], paper?: Paper): string =>
  rowsAs(format, columnsOf(runs), runs, paper);

/** What a run has come to by a metric: the mean over replicates where there are several. */
function resultBy(measure: Measure | undefined, { winner, replicates }: ListedRun): Spread | null {
  if (measure === undefined || winner === undefined) return null;
  const spread = replicates && spreadOf(measure, replicates);
  return spread ?? { mean: valueIn(measure, winner.best), deviation: null };
}

const named = ({ tried }: ListedRun, name: string): Measure | undefined =>
  tried.kind === 'network' ? tried.measures.find(({ key }) => key === name) : undefined;

/** A metric of networks; it may be left out where it has decided none of them, and where there are runs of other things, or that give numbers, it is. */
function networkColumn(
  key: 'validationAccuracy' | 'validationLoss',
  title: string,
  runs: readonly ListedRun[],
): Column<ListedRun> {
  const hasDecided = runs.some(({ tried }) => tried.kind === 'network' && tried.metric === key);
  return {
    ...{ key, title, align: 'right', ...(hasDecided ? {} : { importance: 5 }) },
    value: (run) => resultBy(named(run, key), run)?.mean ?? null,
    text: (run) => resultText(named(run, key), run),
    visible: areNetworks,
  };
}

const resultText = (measure: Measure | undefined, run: ListedRun): string => {
  const result = resultBy(measure, run);
  return measure === undefined || result === null ? '' : meanText(measure, result);
};

/** Where metrics count alike. */
const hasFront = ({ judged }: ListedRun): boolean => judged.length > 1;

const areNetworks = (runs: readonly ListedRun[]): boolean => runs.every(({ tried }) => tellsClasses(tried));

const testAccuracy = (run: ListedRun): number | null => {
  const measure = named(run, 'validationAccuracy');
  return measure === undefined || run.final?.state !== 'done' ? null : valueIn(measure, run.final.last);
};

/** Nobody knows how long the trials of a study took. */
const secondsOf = ({ run }: ListedRun): number | null => (isStudy(run) ? null : run.seconds);

const columnsOf = (runs: readonly ListedRun[]): readonly Column<ListedRun>[] => [
  { key: 'experiment', title: 'experiment', align: 'right', value: ({ run }) => run.id },
  {
    ...{ key: 'name', title: 'name', align: 'left', value: ({ run }) => run.name },
    text: ({ run }) => printable(run.name),
  },
  { key: 'state', title: 'state', align: 'left', value: ({ state }) => state },
  {
    ...{ key: 'ended', title: 'trials', align: 'right', value: ({ ended }) => ended },
    text: ({ ended, trials }) =>
      ended === trials ? countText(trials) : `${countText(ended)} of ${countText(trials)}`,
  },
  {
    ...{ key: 'trials', title: 'trials in all', align: 'right', value: ({ trials }) => trials },
    visible: () => false,
  },
  {
    ...{ key: 'metric', title: 'decided by', align: 'left', value: ({ tried }) => deciding(tried).key },
    visible: () => false,
  },
  {
    ...{ key: 'winner', align: 'right', importance: 4 },
    // A front has no winner.
    title: runs.some(hasFront) ? 'best trial' : 'winner',
    value: ({ winner }) => winner?.number ?? null,
  },
  {
    ...{ key: 'parameters', title: 'its parameters', align: 'left', importance: 3 },
    value: ({ winner }) => (winner === undefined ? null : JSON.stringify(winner.params)),
    json: ({ winner }) => winner?.params ?? null,
    text: ({ winner }) => (winner === undefined ? '' : paramsText(winner.params)),
  },
  {
    ...{ key: 'result', title: 'result', align: 'left' },
    value: (run) => resultBy(deciding(run.tried), run)?.mean ?? null,
    text: (run) =>
      run.winner === undefined
        ? ''
        : `${deciding(run.tried).title} ${resultText(deciding(run.tried), run)}${hasFront(run) ? ' (Pareto front)' : ''}`,
    visible: (runs) => !areNetworks(runs),
  },
  {
    ...{ key: 'deviation', title: 'standard deviation', align: 'right' },
    value: (run) => resultBy(deciding(run.tried), run)?.deviation ?? null,
    visible: () => false,
  },
  {
    ...{ key: 'replicates', title: 'replicates', align: 'right' },
    value: ({ winner, replicates }) => (winner === undefined ? null : (replicates?.done ?? 1)),
    visible: () => false,
  },
  networkColumn('validationAccuracy', 'validation accuracy', runs),
  networkColumn('validationLoss', 'validation loss', runs),
  {
    ...{ key: 'testAccuracy', title: 'test accuracy', align: 'right', importance: 6 },
    value: testAccuracy,
    text: (run) => {
      const accuracy = testAccuracy(run);
      return accuracy === null ? '' : percent(accuracy);
    },
    visible: (all) => all.some((run) => testAccuracy(run) !== null),
  },
  {
    ...{ key: 'seconds', title: 'time', align: 'right', importance: 2, value: secondsOf },
    text: (run) => {
      const seconds = secondsOf(run);
      return seconds === null ? '' : secondsText(seconds);
    },
  },
  {
    ...{ key: 'createdAt', title: 'begun', align: 'left', importance: 1, value: ({ run }) => run.createdAt },
    text: ({ run }) => run.createdAt.slice(0, 16).replace('T', ' '),
  },
];
