/**
 * Live progress as lines of text: a pure function of what runs and the time.
 * Not here: the terminal (progress-stream.ts), and who asks for a line how often.
 */

import type { MachinesNow } from '../findings/machines.ts';
import type { Metric, NetworkMetric } from '../metric.ts';
import type { Params, Report, Role, TrialOutcome, TrialSpec } from '../trial.ts';
import { triedBy } from '../words/measures.ts';
import { parameterNames } from '../words/parameters.ts';
import { resultText } from '../words/result-text.ts';
import { cut, displayWidth, padded, printable } from '../words/text.ts';
import {
  absent,
  durationText,
  lossText,
  numberText,
  parameterTitle,
  percent,
  secondsText,
  settingsText,
  valueText,
} from '../words/units.ts';

/** A trial on a thread. Times are milliseconds of one clock, any clock. */
export interface RunningTrial {
  readonly id: number;
  readonly number: number;
  readonly params: Params;
  /** Finished epochs. */
  readonly epoch: number;
  /** Epochs it will train. */
  readonly epochs: number;
  readonly startedAt: number;
  /** Of the rows that it is measured on, after the last finished epoch. */
  readonly loss?: number;
  readonly accuracy?: number;
  /** Of a trial without a loss and an accuracy: what it told last of the metric that decides, by its title. */
  readonly reported?: { readonly step: number; readonly name: string; readonly value: number };
}

/** A search or a final training as it stands. */
export interface ProgressState {
  readonly role: Role;
  readonly trials: number;
  /** Trials that have ended in any state, in earlier runs too. */
  readonly finished: number;
  readonly diverged: number;
  readonly failed: number;
  /** What is measured; the first decides. */
  readonly metrics: readonly Metric[];
  /** The same where networks are trained, else null. */
  readonly metric: NetworkMetric | null;
  /** Into how many folds the rows are cut; 1 without folds. */
  readonly folds: number;
  readonly epochsPerTrial: number;
  readonly threads: number;
  /** What the trials that ended in this run have taken: the measure of speed. */
  readonly measured: { readonly epochs: number; readonly seconds: number };
  readonly running: readonly RunningTrial[];
}

/** Seconds that have gone since something began, and that it still needs; null before its speed is known. */
export interface Times {
  readonly elapsed: number;
  readonly left: number | null;
}

/** What a process tells others of a trial that it trains. */
export interface LiveTrial extends Times {
  readonly id: number;
  /** 0 where nobody knows how many there will be. */
  readonly epochs: number;
  readonly curve: readonly Report[];
}

/** What it tells of its session: the search or the final training as it stands. */
export interface LiveSession extends Times {
  readonly trials: readonly LiveTrial[];
  /** Absent where this machine works alone. */
  readonly machines?: MachinesNow | undefined;
}

export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * A line per running trial and one for the whole, none wider than the terminal, no more lines than it has.
 * Bars start below each other and are equally long; where there is no room for them, they give way to the numbers.
 */
export function renderProgress(state: ProgressState, size: TerminalSize, now: number): string[] {
  // The cursor rests behind the last line: a full last column would wrap it on some terminals.
  const width = size.columns - 1;
  const shown = state.running.slice(0, Math.max(0, size.rows - 2));
  const names = parameterNames(shown);
  const words = size.columns < 110 ? terse : full;
  const trials = shown.map((trial) => trialLine(trial, names, now, words));
  const lines = [...aligned(trials), wholeLine(state, state.running.length - shown.length, now)];
  const titleWidth = Math.max(...lines.map(({ title }) => displayWidth(title)));
  const afterWidth = Math.max(...lines.map(({ after }) => displayWidth(after)));
  const room = Math.min(24, width - titleWidth - afterWidth - 4);
  return lines.map(({ title, share, after }) =>
    cut(
      [padded(title, titleWidth), ...(room < 4 ? [] : [bar(share, room)]), after].join('  ').trimEnd(),
      width,
    ),
  );
}

interface Line {
  readonly title: string;
  /** From 0 to 1. */
  readonly share: number;
  readonly after: string;
}

const full = { name: parameterTitle, accuracy: 'accuracy', left: ' left' };
const shortNames: Readonly<Record<string, string>> = { learningRate: 'lr', batchSize: 'batch' };
const terse: typeof full = {
  name: (name) => shortNames[name] ?? parameterTitle(name),
  accuracy: 'acc',
  left: '',
};

function trialLine(trial: RunningTrial, names: readonly string[], now: number, words: typeof full) {
  const left = trialSecondsLeft(trial, now);
  const { reported } = trial;
  return {
    title: [
      `trial ${trial.number}`,
      ...names.map((name) => {
        const value = trial.params[name];
        return `${words.name(name)} ${value === undefined ? absent : valueText(value)}`;
      }),
    ],
    share: trial.epoch / trial.epochs,
    after: [
      ...(trial.epochs === 1 && trial.loss === undefined
        ? [
            reported === undefined
              ? ''
              : `step ${reported.step}  ${reported.name} ${numberText(reported.value)}`,
          ]
        : [
            `${trial.epoch}/${trial.epochs}`,
            ...(reported === undefined ? [] : [`${reported.name} ${numberText(reported.value)}`]),
          ]),
      trial.loss === undefined ? '' : `loss ${lossText(trial.loss)}`,
      trial.accuracy === undefined ? '' : `${words.accuracy} ${percent(trial.accuracy)}`,
      left === undefined ? '' : `${durationText(left)}${words.left}`,
    ],
  };
}

/** The fields of all trials below each other. */
function aligned(trials: readonly ReturnType<typeof trialLine>[]): Line[] {
  const inColumns = (rows: readonly string[][], align: 'left' | 'right') => {
    const widths = rows[0]?.map((_, i) => Math.max(...rows.map((row) => displayWidth(row[i] ?? ''))));
    return rows.map((row) => row.map((field, i) => padded(field, widths?.[i] ?? 0, align)).join('  '));
  };
  const titles = inColumns(
    trials.map(({ title }) => title),
    'left',
  );
  const afters = inColumns(
    trials.map(({ after }) => after),
    'right',
  );
  return trials.map(({ share }, i) => ({ title: titles[i] ?? '', share, after: afters[i] ?? '' }));
}

function wholeLine(state: ProgressState, hidden: number, now: number): Line {
  const underway = state.running.reduce((sum, { epoch, epochs }) => sum + epoch / epochs, 0);
  const left = secondsLeft(state, now);
  const after = [
    `${state.finished} of ${state.trials} trials`,
    hidden > 0 ? `${hidden} more running` : '',
    state.diverged > 0 ? `${state.diverged} diverged` : '',
    state.failed > 0 ? `${state.failed} failed` : '',
    left === undefined ? '' : `${durationText(left)} left`,
  ];
  return {
    title: state.role === 'search' ? 'search' : 'final training',
    share: state.trials === 0 ? 1 : (state.finished + underway) / state.trials,
    after: after.filter(Boolean).join('  '),
  };
}

function bar(share: number, width: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, share)) * width);
  return '█'.repeat(filled) + '░'.repeat(width - filled);
}

/** From the trial's own speed; undefined before its first epoch has ended. */
export function trialSecondsLeft(trial: RunningTrial, now: number): number | undefined {
  if (trial.epoch === 0) return undefined;
  const secondsAnEpoch = elapsed(trial, now) / trial.epoch;
  return secondsAnEpoch * (trial.epochs - trial.epoch);
}

/**
 * All epochs still to train at the mean speed so far, over the threads; never less than the slowest running trial.
 * Undefined before an epoch has ended.
 */
export function secondsLeft(state: ProgressState, now: number): number | undefined {
  const { running, measured } = state;
  const sum = (value: (trial: RunningTrial) => number) => running.reduce((total, t) => total + value(t), 0);
  const started = running.filter(({ epoch }) => epoch > 0);
  const epochs = measured.epochs + sum(({ epoch }) => epoch);
  if (epochs === 0) return undefined;
  const seconds = measured.seconds + started.reduce((total, trial) => total + elapsed(trial, now), 0);

  const waiting = Math.max(0, state.trials - state.finished - running.length);
  const remaining = waiting * state.epochsPerTrial + sum((trial) => trial.epochs - trial.epoch);
  const busy = Math.max(1, Math.min(state.threads, waiting + running.length));
  const slowest = Math.max(0, ...started.map((trial) => trialSecondsLeft(trial, now) ?? 0));
  return Math.max(slowest, ((seconds / epochs) * remaining) / busy);
}

const elapsed = ({ startedAt }: RunningTrial, now: number): number => Math.max(0, now - startedAt) / 1000;

type FinishedState = Pick<ProgressState, 'finished' | 'trials' | 'metric' | 'metrics' | 'folds'>;

/** One plain line for a trial that has ended; `finished` of `trials` counts it too. */
export function finishedLine(
  trial: Pick<TrialSpec, 'number' | 'role' | 'replicate' | 'params'>,
  outcome: TrialOutcome,
  { finished, trials, folds, ...measured }: FinishedState,
): string {
  const who = `trial ${trial.number} (${settingsText(trial, { folds: trial.role === 'search' ? folds : 1 })})`;
  const seconds = 'result' in outcome ? outcome.result.seconds : outcome.seconds;
  return `[${finished}/${trials}] ${who} ${outcomeText(outcome, trial.role, measured)}, ${secondsText(seconds)}`;
}

function outcomeText(
  outcome: TrialOutcome,
  role: Role,
  measured: Pick<ProgressState, 'metric' | 'metrics'>,
): string {
  const tried = triedBy(measured);
  switch (outcome.state) {
    case 'done': {
      const { best, last } = outcome.result;
      const result = (report: Report) => resultText(tried, role, report);
      if (tried.kind === 'objective')
        return `done: ${result(best)}${last.step > 1 ? ` at step ${best.step}` : ''}`;
      return role === 'search'
        ? `done: best ${result(best)} at epoch ${best.step}`
        : `done: ${result(last)} after epoch ${last.step}`;
    }
    case 'diverged':
      return `diverged at ${tried.step} ${outcome.step}`;
    case 'failed':
      return `failed: ${inOneLine(outcome.reason)}`;
    case 'pruned':
      return `pruned at ${tried.step} ${outcome.result.last.step}: ${resultText(tried, role, outcome.result.best)}`;
    case 'stopped':
      return 'stopped';
    default:
      return outcome satisfies never;
  }
}

/** A reason without where it was thrown and what was printed, which `show` has. */
function inOneLine(reason: string): string {
  const [first = '', ...more] = reason.split('\n');
  return more.length === 0 ? printable(first.replace(/\.$/, '')) : `${printable(first)} …`;
}
