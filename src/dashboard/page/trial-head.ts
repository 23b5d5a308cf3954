/** What is said of one trial above its curves: its state, its parameters, and what it has measured. */
import type { Report, Trial } from '../../trial.ts';
import { deciding, type Measure, titleIn } from '../../words/measures.ts';
import { durationText, secondsText, settingsText } from '../../words/units.ts';
import { badge, h, tile } from './dom.ts';
import { type Context, stateNow, triedIn } from './view.ts';
import { decidedText, leftText, measuredText } from './words.ts';

/** @param sizes the units of each layer, where a network is left of it */
export function trialHead(
  context: Context,
  found: Trial,
  curve: readonly Report[],
  sizes: readonly number[] | null,
): HTMLElement[] {
  const { experiment } = context;
  const tried = triedIn(context);
  const what = { digits: 'digits', pictures: 'pictures', table: 'the rows' }[experiment.rows];
  const trying = { class: 'button', href: `#/${experiment.id}/digits/${found.id}` };
  return [
    h(
      'h2',
      {},
      found.role === 'search' ? `Trial ${found.number}` : 'Final training',
      ' ',
      badge(stateNow(context, found)),
    ),
    h('p', {}, settingsText(found, tried, found.role)),
    ...endOf(found, tried.step),
    h('dl', { class: 'tiles' }, ...tilesOf(context, found, curve, sizes)),
    ...(sizes ? [h('p', {}, h('a', trying, `Try this model on ${what}`))] : []),
  ];
}

/** Why it has ended before its last step. */
function endOf(found: Trial, step: string): HTMLElement[] {
  switch (found.state) {
    case 'failed':
      return [h('p', { class: 'fault' }, `${found.code}: ${found.reason}`)];
    case 'diverged':
      return [h('p', { class: 'fault' }, `What it measured was no longer finite at ${step} ${found.step}.`)];
    case 'pruned': {
      const text = `It was pruned at ${step} ${found.last.step}, because others were better there.`;
      return [h('p', { class: 'quiet' }, text)];
    }
    case 'waiting':
    case 'running':
    case 'paused':
    case 'stopped':
    case 'done':
      return [];
    default:
      return found satisfies never;
  }
}

/** The accuracy says enough of what a network does on its training rows. */
const isTrainingLoss = ({ key }: Measure): boolean => key === 'trainingLoss';

function tilesOf(
  context: Context,
  found: Trial,
  curve: readonly Report[],
  sizes: readonly number[] | null,
): HTMLElement[] {
  const tried = triedIn(context);
  const first = deciding(tried);
  const others = tried.measures.filter((measure) => measure !== first && !isTrainingLoss(measure));
  const measured = (name: string, at: Report) => {
    const texts = others.map(
      (measure) => `${titleIn(tried, measure, found.role)} ${measuredText(measure, at)}`,
    );
    return tile(
      name,
      decidedText(tried, at),
      h('span', {}, [`${tried.step} ${at.step}`, ...texts].join(', ')),
    );
  };
  if ('best' in found) {
    const best = found.role === 'search' ? 'Best' : 'Peak';
    return [
      measured(`${best} ${titleIn(tried, first, found.role)}`, found.best),
      ...(found.last.step > 1 ? [measured(`After the last ${tried.step}`, found.last)] : []),
      tile('Time', secondsText(found.seconds), sizes && h('span', {}, `network ${sizes.join('-')}`)),
    ];
  }
  const last = curve.at(-1);
  if (last === undefined) return [tile('So far', '–', h('span', {}, 'nothing has been measured'))];
  const times = context.live.running.find(({ id }) => id === found.id)?.times;
  return [
    measured('So far', last),
    ...(times ? [tile('Running for', durationText(times.elapsed), h('span', {}, leftText(times)))] : []),
  ];
}
