/** How an experiment stands: what runs now, what has finished last, and who leads. */
import { recordedNetwork } from '../experiment/network.ts';
import { areReplicated, replicateTitle, spreadText } from '../findings/combinations.ts';
import { evaluationRows } from '../findings/definition.ts';
import type { LiveSession, LiveTrial, Times } from '../findings/live.ts';
import { type MachineLine, machineLines, machineOf } from '../findings/machines.ts';
import type { RunState } from '../store/ownership.ts';
import type { Combination } from '../store/ranking.ts';
import type { Experiment, Results } from '../store/results.ts';
import { trialsInAll } from '../sweep/trial-count.ts';
import type { DoneTrial, Report, Trial } from '../trial.ts';
import { type Column, withDistinctKeys } from '../words/column.ts';
import { evaluationName } from '../words/evaluation-name.ts';
import type { Format } from '../words/formats.ts';
import {
  deciding,
  type Measure,
  measureText,
  shortTitle,
  type Tried,
  triedBy,
  valueIn,
} from '../words/measures.ts';
import { commonText, parameterColumns } from '../words/parameters.ts';
import { resultText } from '../words/result-text.ts';
import { sparkline } from '../words/sparkline.ts';
import { printable, wrapped } from '../words/text.ts';
import { stateColour, stateLine } from '../words/trial-state.ts';
import { countText, durationText, secondsText, settingsText } from '../words/units.ts';
import { machinesAs } from './machines.ts';
import { inColour, type Paper } from './paper.ts';
import { rowsAs } from './rows.ts';

export interface Status {
  readonly experiment: Experiment;
  readonly tried: Tried;
  readonly state: RunState;
  readonly counts: Readonly<Record<Trial['state'], number>>;
  readonly trials: number;
  /** Running trials, then those that finished last, the latest first. */
  readonly rows: readonly StatusRow[];
  /** Who works or has worked for it; none where this machine is alone. */
  readonly machines: readonly MachineLine[];
  readonly winner: DoneTrial | undefined;
  /** All replicates of the winner's parameters; undefined where nothing is trained more than once. */
  readonly replicates: Combination | undefined;
  /** Rows that the winner is measured on. */
  readonly evaluationRows: number | undefined;
  /** Since its session began, and until its search or its final training will have ended; undefined for a run that does not run. */
  readonly running: Times | undefined;
}

interface StatusRow {
  readonly trial: Trial;
  readonly state: Trial['state'] | 'interrupted';
  readonly live: LiveTrial | undefined;
  /** Its result, or the last report so far. */
  readonly report: Report | undefined;
  readonly curve: readonly Report[];
  /** Where it runs, or ran last; undefined where this machine is alone. */
  readonly machine: string | undefined;
}

const mostFinished = 5;

/**
 * @param state how the run stands now
 * @param live what the process that runs it tells
 * @param now milliseconds since 1970
 */
export function statusOf(
  results: Results,
  experiment: Experiment,
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
  const combinations = results.combinations(experiment.id);
  const present = state === 'running' ? live?.machines : undefined;
  const recorded = {
    sessions: results.sessions(experiment.id),
    machines: results.machines(experiment.id),
    stints: results.stints(experiment.id),
  };
  const machines = machineLines(recorded, present);
  const names = new Map(machines.map(({ id, name }) => [id, name]));
  return {
    ...{ experiment, tried: triedBy(experiment), state },
    counts,
    trials: trialsInAll(experiment, trials.length),
    rows: shown.map((trial) => {
      const machine = machineOf(trial, recorded.stints, present);
      return { ...rowOf(trial, state, told.get(trial.id), results), machine: machine && names.get(machine) };
    }),
    machines,
    winner: results.winner(experiment.id),
    replicates: areReplicated(combinations) ? combinations.find(({ rank }) => rank === 1) : undefined,
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
): Omit<StatusRow, 'machine'> {
  if (trial.state === 'running') {
    const curve = live?.curve ?? [];
    const report = curve.at(-1);
    // Recorded as running until the next run: its process is gone, and nothing ends by itself.
    return runState === 'interrupted'
      ? { trial, state: runState, live: live && { ...live, left: null }, report, curve }
      : { trial, state: 'running', live, report, curve };
  }
  const curve = results.reports(trial.id);
  const result = 'best' in trial ? (trial.role === 'search' ? trial.best : trial.last) : undefined;
  // A process that was killed told last of what has ended since.
  return { trial, state: trial.state, live: undefined, report: result ?? curve.at(-1), curve };
}

/** For a run whose process has told nothing yet. */
function sinceItBegan(results: Results, { id, createdAt }: Experiment, now: number): number {
  return (now - Date.parse(results.sessions(id).at(-1)?.startedAt ?? createdAt)) / 1000;
}

/** The rows as data, or for people with the state of the whole above them. */
export function statusText(format: Format, status: Status, paper: Paper): string {
  const table = rowsAs(format, columnsOf(status.tried, status.rows), status.rows, paper);
  switch (format) {
    case 'json':
    case 'csv':
      return table;
    case 'markdown':
      return [
        ...headlines(status, undefined),
        '',
        table,
        ...(status.machines.length === 0 ? [] : ['', machinesAs(format, status)]),
      ]
        .join('\n\n')
        .replaceAll('\n\n\n', '\n');
    case 'table':
      return [
        ...headlines(status, paper),
        ...(status.rows.length === 0 ? [] : [table]),
        ...[commonText(status.rows.map(({ trial }) => trial))].filter(Boolean),
        ...(status.machines.length === 0 ? [] : [machinesAs(format, status, paper)]),
      ].join('\n');
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
    ...count('pruned', counts.pruned),
    ...count('diverged', counts.diverged),
    ...count('failed', counts.failed),
    ...count('paused', counts.paused),
    ...count('stopped', counts.stopped),
  ];
  const none = state === 'done' ? 'none, for no trial has a result' : 'no trial is done yet';
  const best = winner === undefined ? none : winnerText(status, winner);
  const name = printable(experiment.name);
  return [
    `${name} (run ${experiment.id}): ${time}`,
    counted.join(', '),
    `winner${state === 'done' ? '' : ' so far'}: ${best}`,
  ].map((line) => wrapped(line, paper?.width ?? Number.POSITIVE_INFINITY, '  '));
}

function winnerText({ tried, replicates, evaluationRows }: Status, winner: DoneTrial): string {
  const at = tried.kind === 'network' || winner.best.step > 1 ? ` at ${tried.step} ${winner.best.step}` : '';
  const result = resultText(tried, 'search', winner.best, evaluationRows);
  const mean = replicates === undefined ? '' : `; ${spreadText(tried, replicates)}`;
  return `trial ${winner.number}, ${settingsText(winner, tried)}: ${result}${at}${mean}`;
}

const columnsOf = (tried: Tried, rows: readonly StatusRow[]): readonly Column<StatusRow>[] =>
  withDistinctKeys([
    {
      ...{ key: 'role', title: 'role', align: 'left', value: ({ trial }) => trial.role },
      visible: (rows) => rows.some(({ trial }) => trial.role === 'final'),
    },
    { key: 'trial', title: 'trial', align: 'right', value: ({ trial }) => trial.number },
    ...parameterColumns(rows, ({ trial }) => trial.params),
    {
      ...{ key: 'replicate', align: 'right', value: ({ trial }) => trial.replicate },
      title: replicateTitle(
        tried,
        rows.map(({ trial }) => trial),
      ),
      visible: (rows) => rows.some(({ trial }) => trial.replicate > 0),
    },
    {
      ...{ key: 'state', title: 'state', align: 'left', value: ({ state }) => state },
      text: ({ trial, state }) => (state === 'interrupted' ? state : stateLine(trial, tried.step)),
      paint: ({ trial }) => stateColour(trial),
    },
    {
      ...{ key: tried.step, title: tried.step, align: 'right', value: ({ report }) => report?.step ?? null },
      text: ({ report, live }) =>
        report === undefined
          ? ''
          : `${report.step}${live === undefined || live.epochs === 0 ? '' : `/${live.epochs}`}`,
      visible: (rows) => tried.kind === 'network' || rows.some(({ curve }) => curve.length > 1),
    },
    ...measureColumns(tried),
    {
      ...{ key: 'machine', title: 'machine', align: 'left', importance: 6 },
      value: ({ machine }) => machine ?? null,
      text: ({ machine }) => printable(machine ?? ''),
      visible: (rows) => rows.some(({ machine }) => machine !== undefined),
    },
    {
      ...{ key: 'rows', title: 'on', align: 'left', importance: 1 },
      value: ({ trial }) => (tried.kind === 'network' ? evaluationName(trial.role) : null),
      visible: () => tried.kind === 'network',
    },
    {
      ...{ key: 'seconds', title: 'time', align: 'right', importance: 4 },
      value: ({ trial }) => ('seconds' in trial ? trial.seconds : null),
      text: ({ trial, live }) =>
        'seconds' in trial ? secondsText(trial.seconds) : live ? durationText(live.elapsed) : '',
    },
    {
      ...{ key: 'secondsLeft', title: 'left', align: 'right', importance: 5 },
      value: ({ live }) => live?.left ?? null,
      text: ({ live }) => (typeof live?.left === 'number' ? durationText(live.left) : ''),
      visible: (rows) => rows.some(({ live }) => typeof live?.left === 'number'),
    },
    {
      ...{ key: 'curve', title: `${nameOf(tried, deciding(tried))} by ${tried.step}`, align: 'left' },
      ...{ importance: 2, forPeople: true, value: () => null },
      text: ({ curve }) =>
        sparkline(
          curve.map((report) => valueIn(deciding(tried), report)),
          16,
        ),
      visible: (rows) => rows.some(({ curve }) => curve.length > 1),
    },
  ]);

/** The one that decides first, which is never left out; of a network those of its evaluation rows, whichever these are. */
const measureColumns = (tried: Tried): Column<StatusRow>[] =>
  tried.measures.slice(0, tried.kind === 'network' ? 2 : undefined).map((measure) => ({
    ...{ key: nameOf(tried, measure, 'key'), title: nameOf(tried, measure), align: 'right' },
    ...(measure === deciding(tried) ? {} : { importance: 3 }),
    value: ({ report }) => (report === undefined ? null : valueIn(measure, report)),
    text: ({ report }) => (report === undefined ? '' : measureText(measure, valueIn(measure, report))),
  }));

const nameOf = (tried: Tried, measure: Measure, what: 'key' | 'title' = 'title'): string => {
  if (what === 'title') return shortTitle(tried, measure);
  return tried.kind === 'network' ? measure.written : measure.key;
};
