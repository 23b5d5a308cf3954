/**
 * The experiments of a database, a row each, to be compared.
 * Not here: which trial of an experiment leads, which the store says.
 */

import type { NetworkMetric } from '../metric.ts';
import type { ExperimentSummary } from '../store/overview.ts';
import type { RunState } from '../store/ownership.ts';
import type { Column } from '../words/column.ts';
import type { Format } from '../words/formats.ts';
import { printable } from '../words/text.ts';
import { countText, lossText, paramsText, percent, secondsText } from '../words/units.ts';
import type { Paper } from './paper.ts';
import { rowsAs } from './rows.ts';

/** An experiment in sums, and how it stands now. */
export type ListedExperiment = Omit<ExperimentSummary, 'state'> & { readonly state: RunState };

/** Oldest first, as they are given. */
export const experimentsAs = (
  format: Format,
  experiments: readonly ListedExperiment[],
  paper?: Paper,
): string => rowsAs(format, columnsOf(experiments), experiments, paper);

const trialsOf = ({ counts }: ListedExperiment): number =>
  Object.values(counts).reduce((sum, count) => sum + count, 0);
const endedOf = ({ counts }: ListedExperiment): number => counts.done + counts.diverged + counts.failed;

const optional =
  (text: (value: number) => string) =>
  (value: number | null | undefined): string =>
    value === null || value === undefined ? '' : text(value);

/** A metric by which none of them was decided may be left out. */
const unlessDeciding = (metric: NetworkMetric, experiments: readonly ListedExperiment[]) =>
  experiments.some((experiment) => experiment.metric === metric) ? {} : { importance: 5 };

const columnsOf = (experiments: readonly ListedExperiment[]): readonly Column<ListedExperiment>[] => [
  { key: 'experiment', title: 'experiment', align: 'right', value: ({ id }) => id },
  {
    key: 'name',
    title: 'name',
    align: 'left',
    value: ({ name }) => name,
    text: ({ name }) => printable(name),
  },
  { key: 'state', title: 'state', align: 'left', value: ({ state }) => state },
  {
    key: 'ended',
    title: 'trials',
    align: 'right',
    value: endedOf,
    text: (row) =>
      endedOf(row) === trialsOf(row)
        ? countText(trialsOf(row))
        : `${countText(endedOf(row))} of ${countText(trialsOf(row))}`,
  },
  { key: 'trials', title: 'trials in all', align: 'right', value: trialsOf, visible: () => false },
  { key: 'metric', title: 'decided by', align: 'left', value: ({ metric }) => metric, visible: () => false },
  {
    key: 'winner',
    title: 'winner',
    align: 'right',
    importance: 4,
    value: ({ best }) => best?.number ?? null,
  },
  {
    key: 'parameters',
    title: 'its parameters',
    align: 'left',
    importance: 3,
    value: ({ best }) => (best === null ? null : JSON.stringify(best.params)),
    text: ({ best }) => (best === null ? '' : paramsText(best.params)),
  },
  {
    key: 'validationAccuracy',
    title: 'validation accuracy',
    align: 'right',
    ...unlessDeciding('validationAccuracy', experiments),
    value: ({ best }) => best?.accuracy ?? null,
    text: ({ best }) => optional(percent)(best?.accuracy),
  },
  {
    key: 'validationLoss',
    title: 'validation loss',
    align: 'right',
    ...unlessDeciding('validationLoss', experiments),
    value: ({ best }) => best?.loss ?? null,
    text: ({ best }) => optional(lossText)(best?.loss),
  },
  {
    key: 'testAccuracy',
    title: 'test accuracy',
    align: 'right',
    importance: 6,
    value: ({ final }) => final?.accuracy ?? null,
    text: ({ final }) => optional(percent)(final?.accuracy),
    visible: (rows) => rows.some(({ final }) => typeof final?.accuracy === 'number'),
  },
  {
    key: 'seconds',
    title: 'time',
    align: 'right',
    importance: 2,
    value: ({ seconds }) => seconds,
    text: ({ seconds }) => optional(secondsText)(seconds),
  },
  {
    key: 'createdAt',
    title: 'begun',
    align: 'left',
    importance: 1,
    value: ({ createdAt }) => createdAt,
    text: ({ createdAt }) => createdAt.slice(0, 16).replace('T', ' '),
  },
];
