/**
 * Live progress as lines of text: a pure function of what runs and the time.
 * Not here: the terminal (progress-stream.ts), and who asks for a line how often.
 */

import {
  type ProgressState,
  type RunningTrial,
  secondsLeft,
  trialSecondsLeft,
} from '../findings/progress-state.ts';
import { parameterNames } from '../words/parameters.ts';
import { cut, displayWidth, padded } from '../words/text.ts';
import {
  absent,
  durationText,
  lossText,
  numberText,
  parameterTitle,
  percent,
  valueText,
} from '../words/units.ts';

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
