/** How an experiment stands: what runs now, what has finished last, and who leads. */
import { recordedNetwork } from '../experiment/network.ts';
import { evaluationRows } from '../findings/definition.ts';
import { type EpochMetrics, epochOf, metricFacts, metricsFrom, type NetworkMetric } from '../metric.ts';
import type { RunState } from '../store/ownership.ts';
import type { Experiment, NetworkRun, Results } from '../store/results.ts';
import { type DoneTrial, phaseOf, type Trial } from '../trial.ts';
import type { Column } from '../words/column.ts';
import { evaluationName } from '../words/evaluation-name.ts';
import type { Format } from '../words/formats.ts';
import { triedBy } from '../words/measures.ts';
import { parameterColumns } from '../words/parameters.ts';
import { resultText } from '../words/result-text.ts';
import { sparkline } from '../words/sparkline.ts';
import { printable, wrapped } from '../words/text.ts';
import { stateColour, stateText } from '../words/trial-state.ts';
import { countText, durationText, quantityText, secondsText, settingsText } from '../words/units.ts';
import { inColour, type Paper } from './paper.ts';
import type { LiveSession, LiveTrial, Times } from './progress.ts';
import { rowsAs } from './rows.ts';

export interface Status {
  readonly experiment: NetworkRun;
  readonly state: RunState;
  readonly counts: Readonly<Record<Trial['state'], number>>;
  readonly trials: number;
  /** Running trials, then those that finished last, the latest first. */
  readonly rows: readonly StatusRow[];
  readonly winner: DoneTrial | undefined;
  /** Rows that the winner is measured on. */
  readonly evaluationRows: number | undefined;
  /** Since its session began, and until its phase will have ended; undefined for a run that does not run. */
  readonly running: Times | undefined;
}

interface StatusRow {
  readonly trial: Trial;
  readonly state: Trial['state'] | 'interrupted';
  readonly live: LiveTrial | undefined;
  /** Measured on the rows of its phase: the epoch that is its result, or the last one so far. */
  readonly metrics: EpochMetrics | undefined;
  readonly curve: readonly EpochMetrics[];
}

const mostFinished = 5;

/**
 * @param state how the run stands now
 * @param live what the process that runs it tells
 * @param now milliseconds since 1970
 */
export function statusOf(
  results: Results,
  experiment: NetworkRun,
  state: RunState,
  live: LiveSession | undefined,
  now: number,
): Status {
  const told = new Map(live?.trials.map((trial) => [trial.id, trial]));
  const trials = results.trials(experiment.id);
  const byId = new Map(trials.map((trial) => [trial.id, trial]));
  const counts = {
    waiting: 0,
    running: 0,
    done: 0,
    diverged: 0,
    failed: 0,
    stopped: 0,
    paused: 0,
    pruned: 0,
  };
  for (const { state } of trials) counts[state]++;
  // A trial has a span for each thread that trained some of its epochs: its last one counts.
  const ended = new Set(
    results
      .spans(experiment.id)
      .map(({ trialId }) => trialId)
      .reverse(),
  );
  const finished = [...ended].map((id) => byId.get(id)).filter((trial) => trial !== undefined);
  const shown = [...trials.filter(({ state }) => state === 'running'), ...finished.slice(0, mostFinished)];
  return {
    experiment,
    state,
    counts,
    trials: trials.length,
    rows: shown.map((trial) => rowOf(trial, state, told.get(trial.id), results, experiment.metric)),
    winner: results.winner(experiment.id),
    evaluationRows: evaluationRows(recordedNetwork(experiment), 'search'),
    running:
      state === 'running'
        ? (live ?? { elapsed: sinceItBegan(results, experiment, now), left: null })
        : undefined,
  };
}

function rowOf(
  trial: Trial,
  runState: RunState,
  live: LiveTrial | undefined,
  results: Results,
  metric: NetworkMetric,
): StatusRow {
  if (trial.state === 'running') {
    const curve = (live?.curve ?? []).map((report) => epochOf(metric, report));
    const metrics = curve.at(-1);
    // Recorded as running until the next run: its process is gone, and nothing ends by itself.
    return runState === 'interrupted'
      ? { trial, state: runState, live: live && { ...live, left: null }, metrics, curve }
      : { trial, state: 'running', live, metrics, curve };
  }
  const curve = results.reports(trial.id).map((report) => epochOf(metric, report));
  const result = trial.state === 'done' ? (trial.role === 'search' ? trial.best : trial.last) : undefined;
  const metrics = result === undefined ? curve.at(-1) : epochOf(metric, result);
  // A process that was killed told last of what has ended since.
  return { trial, state: trial.state, live: undefined, metrics, curve };
}

/** For a run whose process has told nothing yet. */
function sinceItBegan(results: Results, { id, createdAt }: Experiment, now: number): number {
  return (now - Date.parse(results.sessions(id).at(-1)?.startedAt ?? createdAt)) / 1000;
}

/** The rows as data, or for people with the state of the whole above them. */
export function statusText(format: Format, status: Status, paper: Paper): string {
  const table = rowsAs(format, columnsOf(status.experiment.metric, status.rows), status.rows, paper);
  switch (format) {
    case 'json':
    case 'csv':
      return table;
    case 'markdown':
      return [...headlines(status, undefined), '', table].join('\n\n').replaceAll('\n\n\n', '\n');
    case 'table':
      return [...headlines(status, paper), ...(status.rows.length === 0 ? [] : [table])].join('\n');
    default:
      return format satisfies never;
  }
}

function headlines(status: Status, paper: Paper | undefined): string[] {
  const { experiment, state, counts, trials, winner, running } = status;
  const ended = counts.done + counts.pruned + counts.diverged + counts.failed;
  const count = (name: Trial['state'], number: number) =>
    number === 0 ? [] : [inColour(`${countText(number)} ${name}`, stateColour({ state: name }), paper)];
  const time =
    running === undefined
      ? state === 'interrupted'
        ? 'interrupted; the command that ran it goes on with it'
        : `${state} ${state === 'done' ? 'in' : 'after'} ${secondsText(experiment.seconds ?? 0)}`
      : `running for ${durationText(running.elapsed)}${running.left === null ? '' : `, about ${durationText(running.left)} left`}`;
  const counted = [
    `${countText(ended)} of ${countText(trials)} trials`,
    ...(state === 'interrupted' && counts.running > 0
      ? [`${countText(counts.running)} interrupted`]
      : count('running', counts.running)),
    ...count('diverged', counts.diverged),
    ...count('failed', counts.failed),
    ...count('paused', counts.paused),
    ...count('pruned', counts.pruned),
    ...count('stopped', counts.stopped),
  ];
  const best =
    winner === undefined
      ? 'no trial is done yet'
      : `trial ${winner.number}, ${settingsText(winner)}: ${resultText(triedBy(experiment), 'search', winner.best, status.evaluationRows)} at epoch ${winner.best.step}`;
  const name = printable(experiment.name);
  return [
    `${name} (run ${experiment.id}): ${time}`,
    counted.join(', '),
    `winner${state === 'done' ? '' : ' so far'}: ${best}`,
  ].map((line) => wrapped(line, paper?.width ?? Number.POSITIVE_INFINITY, '  '));
}

const columnsOf = (metric: NetworkMetric, rows: readonly StatusRow[]): readonly Column<StatusRow>[] => [
  {
    key: 'phase',
    title: 'phase',
    align: 'right',
    value: ({ trial }) => phaseOf[trial.role],
  },
  { key: 'trial', title: 'trial', align: 'right', value: ({ trial }) => trial.number },
  ...parameterColumns(rows, ({ trial }) => trial.params),
  {
    key: 'replicate',
    title: 'replicate',
    align: 'right',
    value: ({ trial }) => trial.replicate,
    visible: (rows) => rows.some(({ trial }) => trial.replicate > 0),
  },
  {
    key: 'state',
    title: 'state',
    align: 'left',
    value: ({ state }) => state,
    text: ({ trial, state }) => (state === 'interrupted' ? state : stateText(trial)),
    paint: ({ trial }) => stateColour(trial),
  },
  {
    key: 'epoch',
    title: 'epoch',
    align: 'right',
    value: ({ metrics }) => metrics?.epoch ?? null,
    text: ({ metrics, live }) =>
      metrics === undefined ? '' : `${metrics.epoch}${live === undefined ? '' : `/${live.epochs}`}`,
  },
  // The one that decides first; it is never left out.
  ...metricsFrom(metric).map(
    ({ quantity, key }): Column<StatusRow> => ({
      ...{ key: quantity, title: quantity, align: 'right' },
      ...(quantity === metricFacts[metric].quantity ? {} : { importance: 3 }),
      value: ({ metrics }) => metrics?.[key] ?? null,
      text: ({ metrics }) => (metrics === undefined ? '' : quantityText[quantity](metrics[key])),
    }),
  ),
  {
    key: 'rows',
    importance: 1,
    title: 'on',
    align: 'left',
    value: ({ trial }) => evaluationName(trial.role),
  },
  {
    key: 'seconds',
    importance: 4,
    title: 'time',
    align: 'right',
    value: ({ trial }) => ('seconds' in trial ? trial.seconds : null),
    text: ({ trial, live }) =>
      'seconds' in trial ? secondsText(trial.seconds) : live ? durationText(live.elapsed) : '',
  },
  {
    key: 'secondsLeft',
    importance: 5,
    title: 'left',
    align: 'right',
    value: ({ live }) => live?.left ?? null,
    text: ({ live }) => (typeof live?.left === 'number' ? durationText(live.left) : ''),
    visible: (rows) => rows.some(({ live }) => typeof live?.left === 'number'),
  },
  {
    key: 'curve',
    importance: 2,
    title: `${metricFacts[metric].quantity} by epoch`,
    align: 'left',
    forPeople: true,
    value: () => null,
    text: ({ curve }) =>
      sparkline(
        curve.map((epoch) => epoch[metricFacts[metric].key]),
        16,
      ),
  },
];
