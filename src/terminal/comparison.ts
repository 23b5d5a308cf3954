/** Two trials side by side: parameters, metrics with intervals, McNemar's test, and both curves in one chart. */

import { mcnemarTest, significance } from '../evidence/statistics.ts';
import { recordedNetwork } from '../experiment/network.ts';
import { areReplicated, spreadOf } from '../findings/combinations.ts';
import { evaluationRows } from '../findings/definition.ts';
import { apart, areMeasuredAlike, type ErrorTests } from '../findings/error-tests.ts';
import type { StateOf } from '../findings/live.ts';
import type { Experiment, Results } from '../store/results.ts';
import type { Trial } from '../trial.ts';
import type { Format } from '../words/formats.ts';
import { likeWinner } from '../words/likeness.ts';
import { deciding, drawnMeasures, measureText, type Tried, titleIn, triedBy } from '../words/measures.ts';
import { printable, wrapped } from '../words/text.ts';
import { countText, pSentence } from '../words/units.ts';
import { columnsOf, nameOf } from './comparison-columns.ts';
import { type Comparison, quantities, type Side } from './comparison-lines.ts';
import { axisOf, valuesOn } from './on-axis.ts';
import { chartWidth, type Paper } from './paper.ts';
import { rowsAs } from './rows.ts';
import { textChart } from './text-chart.ts';

export function comparisonOf(
  results: Results,
  experiment: Experiment,
  [first, second]: readonly [Trial, Trial],
  stateOf: StateOf = ({ state }) => state,
): Comparison {
  const tried = triedBy(experiment);
  const definition = tried.kind === 'network' ? recordedNetwork(experiment) : undefined;
  const combinations = results.combinations(experiment.id);
  const sideOf = (trial: Trial): Side => ({
    trial,
    state: stateOf(trial),
    curve: results.reports(trial.id),
    rows: evaluationRows(definition, trial.role),
    replicates: areReplicated(combinations)
      ? combinations.find(({ params }) => JSON.stringify(params) === JSON.stringify(trial.params))
      : undefined,
  });
  const [one, other] = [results.correct(first.id), results.correct(second.id)];
  const isAlike = areMeasuredAlike(definition, first, second);
  return {
    tried,
    first: sideOf(first),
    second: sideOf(second),
    test: isAlike && one && one.length === other?.length ? mcnemarTest(one, other) : undefined,
  };
}

/** The comparison as data, or for people with the test in words and, in a table, the curves. */
export function comparisonText(format: Format, comparison: Comparison, paper: Paper): string {
  const { first, second } = comparison;
  const table = rowsAs(format, columnsOf(first.trial, second.trial), quantities(comparison), paper);
  switch (format) {
    case 'json':
    case 'csv':
      return table;
    case 'markdown':
      return [table, '', ...testText(comparison)].join('\n');
    case 'table':
      return [
        table,
        ...testText(comparison).map((line) => wrapped(line, paper.width)),
        ...chartLines(comparison, chartWidth(paper)),
      ].join('\n');
    default:
      return format satisfies never;
  }
}

function testText({ tried, first, second, test, errorTests }: Comparison): string[] {
  if (tried.kind === 'objective') return spreadTest(tried, first, second);
  if (errorTests !== undefined) return errorText(errorTests, first, second);
  if (test === undefined) return [`No paired test: ${apart}`];
  const [one, other] = [nameOf(first.trial), nameOf(second.trial)];
  const { onlyFirst, onlySecond, p } = test;
  const rows = first.rows === undefined ? 'the same rows' : `the same ${countText(first.rows)} rows`;
  const right = (count: number) => `${countText(count)} ${count === 1 ? 'is' : 'are'} right`;
  return [
    `On ${rows}, ${right(onlyFirst)} with ${one} alone and ${right(onlySecond)} with ${other} alone.`,
    `McNemar's ${pSentence(p)}: ${verdictOn(p)}.`,
  ];
}

const verdictOn = (p: number): string =>
  p >= significance
    ? `${likeWinner} not distinguishable, chance can explain the difference`
    : 'chance does not explain the difference';

/** Target by target, whether their squared errors differ. */
function errorText(tests: ErrorTests, first: Side, second: Side): string[] {
  if ('reason' in tests) return [`No paired test: ${tests.reason}`];
  const [one, other] = [nameOf(first.trial), nameOf(second.trial)];
  return tests.flatMap(({ target, rows, firstNearer, secondNearer, p }) => [
    `On the same ${countText(rows)} rows, ${one} is nearer to ${printable(target)} at ${countText(firstNearer)} and ${other} at ${countText(secondNearer)}.`,
    `Paired test of their squared errors (normal approximation), ${pSentence(p)}: ${verdictOn(p)}.`,
  ]);
}

/** How far two means lie apart, measured by how sure they are: all that replicates can tell. */
function spreadTest(tried: Tried, first: Side, second: Side): string[] {
  const main = deciding(tried);
  // Without two results there is no difference.
  if (![first, second].every(({ trial }) => 'best' in trial)) return [];
  const [one, other] = [first, second].map(({ replicates }) => replicates && spreadOf(main, replicates));
  const counts = [first.replicates?.done ?? 0, second.replicates?.done ?? 0] as const;
  if (first.replicates === undefined)
    return ['Replicates would show how much of the difference is chance (search.replicates).'];
  if (one?.deviation == null || other?.deviation == null || first.replicates === second.replicates) return [];
  const error = Math.sqrt(one.deviation ** 2 / counts[0] + other.deviation ** 2 / counts[1]);
  const by = Math.abs(other.mean - one.mean);
  const times = error === 0 ? '' : `, ${(by / error).toFixed(1)} times the standard error of that`;
  return [
    `The means of ${counts[0]} and ${counts[1]} ${tried.replicateName}s differ by ${measureText(main, by)}${times}.`,
  ];
}

function chartLines({ tried, first, second }: Comparison, width: number): string[] {
  const curves = [first.curve, second.curve].filter(({ length }) => length > 0);
  if (tried.kind === 'objective' && curves.every(({ length }) => length < 2)) return [];
  const axis = curves.length === 0 ? undefined : axisOf(tried.step, curves);
  return drawnMeasures(tried).flatMap((measure) => {
    const curveOf = ({ trial, curve }: Side) => ({
      name: nameOf(trial),
      values: axis === undefined ? [] : valuesOn(axis, curve, measure),
    });
    const lines = textChart({
      title: titleIn(tried, measure, first.trial.role),
      ...{ solid: curveOf(first), dotted: curveOf(second), axis, width, height: 10 },
      format: (value) => measureText(measure, value),
    });
    return ['', ...lines];
  });
}
