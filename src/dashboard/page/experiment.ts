/**
 * One experiment: its name, its state, and a row of pages.
 * Not here: what the pages show.
 */

import { tellsClasses } from '../../words/measures.ts';
import { digits } from './digits.ts';
import { badge, fill, h } from './dom.ts';
import { figures } from './figures.ts';
import { LeaderboardView } from './leaderboard.ts';
import { overview } from './overview.ts';
import { TrialView } from './trial.ts';
import { type Context, experimentNow, triedIn, type View } from './view.ts';
import { counted } from './words.ts';

export const pages = ['overview', 'leaderboard', 'figures', 'digits', 'trial'] as const;
export type Page = (typeof pages)[number];

export interface Place {
  readonly page: Page;
  /** Id of the trial that a page is about. */
  readonly trial: number | undefined;
}

/** The tab of the models, by what they read. */
const modelTab = { digits: 'Digits', pictures: 'Pictures', table: 'Confusion' } as const;

export function viewOf(context: Context, place: Place): View {
  const { experiment } = context;
  const body = pageOf(context, place);
  const state = h('span', {});
  const all = ['overview', 'leaderboard', 'figures', 'digits'] as const;
  // What tells classes is shown rows; what else was tried has no models that a page could run.
  const tabs = all
    .filter((page) => page !== 'digits' || readsRows(context))
    .map((page) =>
      h(
        'a',
        { href: `#/${experiment.id}/${page}`, 'aria-current': page === place.page ? 'page' : undefined },
        page === 'digits' ? modelTab[experiment.rows] : page[0]?.toUpperCase() + page.slice(1),
      ),
    );
  const facts = [
    `run ${experiment.id}, ${new Date(experiment.createdAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}`,
    experiment.hidden.length > 0 && `hidden units ${experiment.hidden.join(' – ')}`,
    experiment.epochs !== null && counted(experiment.epochs, 'epoch'),
    `seed ${experiment.seed}`,
  ].filter((fact) => fact !== false);
  const element = h(
    'article',
    {},
    h(
      'header',
      { class: 'head' },
      h('h1', {}, experiment.name, ' ', state),
      h('p', { class: 'quiet' }, facts.join(' · ')),
    ),
    h('nav', { class: 'tabs', 'aria-label': 'Pages of this experiment' }, ...tabs),
    body.element,
  );
  let shown = '';
  return {
    element,
    update() {
      const word = (experimentNow(context) ?? experiment).state;
      if (word !== shown) fill(state, badge(word));
      shown = word;
      body.update();
    },
    close: () => body.close(),
  };
}

const readsRows = (context: Context): boolean => tellsClasses(triedIn(context));

function pageOf(context: Context, { page, trial: id }: Place): View {
  switch (page) {
    case 'overview':
      return overview(context);
    case 'leaderboard':
      return new LeaderboardView(context);
    case 'figures':
      return figures(context);
    case 'digits':
      return readsRows(context) ? digits(context, id) : overview(context);
    case 'trial':
      return id === undefined ? overview(context) : new TrialView(context, id);
    default:
      return page satisfies never;
  }
}
