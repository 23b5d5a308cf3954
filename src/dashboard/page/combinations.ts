/** The combinations of a search with replicates: a row each, judged by the mean. Not here: a row a trial (leaderboard.ts). */
import { replicatesText, spreadOf } from '../../findings/combinations.ts';
import { deciding, measureText } from '../../words/measures.ts';
import { timeText } from '../../words/units.ts';
import type { CombinationsAnswer } from '../answers.ts';
import { card, fill, h, headed, scrolling } from './dom.ts';
import { Kept } from './fetching.ts';
import { type Context, measuresIn, revisionOf, triedIn, type View, valueText } from './view.ts';
import { parameterName } from './words.ts';

/** Undefined where nothing was tried twice: its leaderboard then says the same. */
export function combinations(context: Context): View | undefined {
  const { experiment } = context;
  if (!experiment.isReplicated) return undefined;
  const tried = triedIn(context);
  const first = deciding(tried);
  const others = measuresIn(context).filter(({ place }) => place !== first.place);
  const heads = [
    ...['rank', ...experiment.parameters.map(({ name }) => parameterName(name))],
    ...[`mean ${first.title}`, 'standard deviation', `${tried.replicateName}s`],
    ...[...others.map(({ title }) => `mean ${title}`), 'time'],
  ];
  const body = h('tbody', {});
  const fault = h('p', { class: 'fault', role: 'alert' });
  const kept = new Kept<CombinationsAnswer>(
    (answer) => {
      const rows = answer.combinations.map((one) => {
        const spread = spreadOf(first, one);
        const cells = [
          String(one.rank ?? ''),
          ...experiment.parameters.map(({ name }) => valueText(context, name, one.params[name])),
          spread === undefined ? '' : measureText(first, spread.mean),
          spread?.deviation == null ? '' : measureText(first, spread.deviation),
          replicatesText(one),
          ...others.map((measure) => {
            const mean = spreadOf(measure, one)?.mean;
            return mean === undefined ? '' : measureText(measure, mean);
          }),
          timeText(one.seconds),
        ];
        return h(
          'tr',
          { class: one.rank === 1 ? 'winner' : undefined },
          ...cells.map((cell) => h('td', {}, cell)),
        );
      });
      fill(body, ...rows);
    },
    (reason) => fill(fault, reason),
  );
  return {
    element: card(
      'Combinations',
      h(
        'p',
        { class: 'quiet' },
        `Ranked by the mean of their ${tried.replicateName}s; below, each ${tried.replicateName}.`,
      ),
      fault,
      scrolling(
        'Combinations as a table',
        headed(
          'board',
          heads.map((head) => h('th', { scope: 'col' }, head)),
          body,
        ),
      ),
    ),
    update: () => kept.want(`experiments/${experiment.id}/combinations`, revisionOf(context)),
    close: () => kept.close(),
  };
}
