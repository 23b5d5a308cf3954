/**
 * The report: one HTML file with everything in it, that loads nothing and sends nothing.
 * Not here: what is found out (findings.ts), what figures show (figures), and the cards (their own files).
 */
import { type Figures, figuresOf } from '../figures/all-figures.ts';
import type { Figure } from '../figures/figure.ts';
import type { Findings } from '../findings/findings.ts';
import { errorsCard } from './errors-card.ts';
import { factsCard } from './facts-card.ts';
import { figureCard, type TipList } from './figure-card.ts';
import { misreadCard, noTimeLineCard, reasonCard } from './final-cards.ts';
import { type Html, html } from './html.ts';
import { leadText } from './lead-text.ts';
import { leaderboardCard } from './leaderboard-card.ts';
import { machinesCard } from './machines-card.ts';
import { pageFrame, type Section } from './page-frame.ts';
import { scoresCard } from './scores-card.ts';
import { tiles } from './tiles.ts';

/** The whole file. `step` is called before each figure is drawn. */
export async function reportPage(
  findings: Findings,
  step: (what: string) => void = () => {},
  figures: Figures = figuresOf(findings),
): Promise<string> {
  const tips: TipList[] = [];
  const draw = async (shown: readonly (Figure | undefined)[]): Promise<Html[]> => {
    const cards: Html[] = [];
    for (const figure of shown) {
      if (figure === undefined) continue;
      step(`drawing ${figure.name}`);
      cards.push(await figureCard(figure, tips));
    }
    return cards;
  };
  const search = await draw([...figures.curves, ...figures.search]);
  const parameters = await draw(figures.parameters);
  const final = await draw([figures.published, ...figures.finalCurves, ...figures.predictions]);
  const timeLine = await draw([figures.timeLine]);
  const sections = [
    section('leaderboard', 'Leaderboard', [leaderboardCard(findings)]),
    section('search', 'The search', search),
    section('parameters', 'Parameters', parameters),
    section('final', 'The final model', [
      ...final,
      scoresCard(findings),
      errorsCard(findings),
      misreadCard(figures.misread),
      reasonCard(findings),
    ]),
    section('time', 'Time', [...timeLine, machinesCard(findings), noTimeLineCard(findings)]),
    section('facts', 'How it was made', [factsCard(findings)]),
  ].filter((found) => found !== undefined);
  const { experiment } = findings;
  const begun = experiment.createdAt.replace('T', ' ').replace(/\.\d+Z$/, '');
  const foot = `Run ${experiment.id} of its database, begun ${begun} UTC.`;
  const frame = { name: experiment.name, lead: leadText(findings), tiles: tiles(findings), foot };
  return pageFrame(frame, sections, tips);
}

/** A heading over some cards; undefined where none of them has anything to say. */
function section(id: string, title: string, cards: readonly Html[]): Section | undefined {
  if (cards.every(({ html }) => html === '')) return undefined;
  return {
    id,
    title,
    body: html`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${cards}
</section>`,
  };
}
