/** The experiments of the database as a table, the latest first. Not here: their curves (winner-curves.ts). */
import { figureMeasures } from '../../figures/searched.ts';
import { triedBy } from '../../words/measures.ts';
import { secondsText } from '../../words/units.ts';
import type { ExperimentNow } from '../answers.ts';
import { badge, fill, h, headed, scrolling } from './dom.ts';
import { bestText, countText, decidedText, measuredText, parametersText } from './words.ts';

export class ComparedTable {
  readonly #body = h('tbody', {});
  readonly element = scrolling(
    'Results as a table',
    headed(
      'board compared',
      heads.map((head) => h('th', { scope: 'col', class: textClass(head) }, head)),
      this.#body,
    ),
  );

  show(experiments: readonly ExperimentNow[]): void {
    const known = [...new Set(experiments.map(({ dataHash }) => dataHash).filter((hash) => hash !== null))];
    const letter = (hash: string | null) => (hash === null ? '' : letterOf(known.indexOf(hash)));
    fill(this.#body, ...experiments.toReversed().map((one) => row(one, letter(one.dataHash))));
  }
}

const heads = [
  ...['run', 'name', 'state', 'decided by', 'best', 'other metrics', 'final training'],
  ...['winner', 'trials', 'data', 'time'],
];

/** Words are broken into lines, numbers are not. */
const textClass = (head = ''): string | undefined =>
  ['name', 'decided by', 'other metrics', 'winner'].includes(head) ? 'text' : undefined;

/** A, B, ... Z, then numbers. */
const letterOf = (index: number): string =>
  index < 26 ? String.fromCharCode(65 + index) : String(index + 1);

function row(one: ExperimentNow, data: string): HTMLElement {
  const { id, name, state, trials, ended, front, final, seconds } = one;
  // Where several metrics count alike there is no winner.
  const best = front === null ? one.best : null;
  const tried = triedBy(one);
  const [first, ...others] = figureMeasures(tried);
  const otherText =
    best && others.map((measure) => `${measure.title} ${measuredText(measure, best.best)}`).join(', ');
  const cells = [
    h('a', { href: `#/${id}` }, String(id)),
    name,
    badge(state),
    front?.metrics.join(', ') ?? first?.title ?? '',
    one.best && bestText(one),
    otherText,
    final?.last ? decidedText(tried, final.last) : (final?.state ?? ''),
    best && h('a', { href: `#/${id}/trial/${best.id}` }, `${best.number}: ${parametersText(best.params)}`),
    ended === trials ? countText(trials) : `${countText(ended)} of ${countText(trials)}`,
    data,
    seconds === null ? '' : secondsText(seconds),
  ];
  return h('tr', {}, ...cells.map((cell, place) => h('td', { class: textClass(heads[place]) }, cell)));
}
