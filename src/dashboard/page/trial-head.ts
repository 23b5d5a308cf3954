/** What is said of one trial above its curves: its state, its parameters, and what it has measured. */
import type { Report, Trial } from '../../trial.ts';
import { deciding, type Measure, titleIn } from '../../words/measures.ts';
import { copyText, durationText, settingsText, timeText } from '../../words/units.ts';
import type { TrialAnswer } from '../answers.ts';
import { badge, h, tile } from './dom.ts';
import { type Context, stateNow, triedIn } from './view.ts';
import { decidedText, leftText, measuredText } from './words.ts';

/** @param curve its steps as far as they are known, which may be further than they are stored */
export function trialHead(
  context: Context,
  { trial, copyOf, sizes }: TrialAnswer,
  curve: readonly Report[],
): HTMLElement[] {
  const { experiment } = context;
  const tried = triedIn(context);
  const what = { digits: 'digits', pictures: 'pictures', table: 'the rows' }[experiment.rows];
  const trying = { class: 'button', href: `#/${experiment.id}/digits/${trial.id}` };
  return [
    h(
      'h2',
      {},
      trial.role === 'search' ? `Trial ${trial.number}` : 'Final training',
      ' ',
      badge(stateNow(context, trial)),
    ),
    h('p', {}, settingsText(trial, tried, trial.role)),
    ...endOf(trial, tried.step),
    ...(copyOf === null ? [] : [h('p', { class: 'quiet' }, `It is ${copyText(copyOf)}.`)]),
    h('dl', { class: 'tiles' }, ...tilesOf(context, trial, curve, sizes)),
    ...(sizes ? [h('p', {}, h('a', trying, `Try this model on ${what}`))] : []),
  ];
}

/** Why it has ended before its last step. */
function endOf(trial: Trial, step: string): HTMLElement[] {
  switch (trial.state) {
    case 'failed':
      return [h('p', { class: 'fault' }, `${trial.code}: ${trial.reason}`)];
    case 'diverged':
      return [h('p', { class: 'fault' }, `What it measured was no longer finite at ${step} ${trial.step}.`)];
    case 'pruned': {
      const text = `It was pruned at ${step} ${trial.last.step}, because others were better there.`;
      return [h('p', { class: 'quiet' }, text)];
    }
    case 'waiting':
    case 'running':
    case 'paused':
    case 'stopped':
    case 'done':
      return [];
    default:
      return trial satisfies never;
  }
}

/** The accuracy says enough of what a network does on its training rows. */
const isTrainingLoss = ({ key }: Measure): boolean => key === 'trainingLoss';

function tilesOf(
  context: Context,
  trial: Trial,
  curve: readonly Report[],
  sizes: readonly number[] | null,
): HTMLElement[] {
  const tried = triedIn(context);
  const first = deciding(tried);
  const others = tried.measures.filter((measure) => measure !== first && !isTrainingLoss(measure));
  const measured = (name: string, at: Report) => {
    const texts = others.map(
      (measure) => `${titleIn(tried, measure, trial.role)} ${measuredText(measure, at)}`,
    );
    return tile(
      name,
      decidedText(tried, at),
      h('span', {}, [`${tried.step} ${at.step}`, ...texts].join(', ')),
    );
  };
  if ('best' in trial) {
    const best = trial.role === 'search' ? 'Best' : 'Peak';
    return [
      measured(`${best} ${titleIn(tried, first, trial.role)}`, trial.best),
      ...(trial.last.step > 1 ? [measured(`After the last ${tried.step}`, trial.last)] : []),
      tile('Time', timeText(trial.seconds) || '–', sizes && h('span', {}, `network ${sizes.join('-')}`)),
    ];
  }
  const last = curve.at(-1);
  const until = trial.state === 'failed' ? 'Before it failed' : 'So far';
  if (last === undefined) return [tile(until, '–', h('span', {}, 'nothing has been measured'))];
  const times = context.live.running.find(({ id }) => id === trial.id)?.times;
  return [
    measured(until, last),
    ...(times ? [tile('Running for', durationText(times.elapsed), h('span', {}, leftText(times)))] : []),
  ];
}
