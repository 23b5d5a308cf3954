/**
 * The page: which view an address means, and the list of experiments beside it.
 * Not here: what a view shows.
 */
import type { ExperimentAnswer, StateEvent } from '../answers.ts';
import { compare } from './compare.ts';
import { badge, bar, fill, h } from './dom.ts';
import { type Place, pages, viewOf } from './experiment.ts';
import { Kept } from './fetching.ts';
import { type Connection, Live } from './live.ts';
import type { View } from './view.ts';
import { bestText, counted } from './words.ts';

const byId = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;
const main = byId('main');
const listHead = h('h2', {});
const row = h('ul', {});
byId('experiments').append(listHead, row);
const connection = byId('connection');

const live = new Live();
let view: View | undefined;
let shownAddress: string | undefined;
let listed = '';
/** The experiment whose link was last brought into sight. */
let sought: number | undefined;
/** How often another place was opened: each time it is asked for anew. */
let turns = 0;

/** The address of all experiments side by side. */
const comparison = '#/compare';

/** `#/3/leaderboard` is a page of experiment 3, `#/3/trial/17` one of its trials, `#/` the latest. */
function placeOf(address: string): (Place & { readonly experiment: number }) | undefined {
  if (address === comparison) return undefined;
  const [, id, page = 'overview', item] = /^#\/(\d+)(?:\/([a-z]+)(?:\/(\d+))?)?$/.exec(address) ?? [];
  const latest = live.experiments.findLast(({ state }) => state === 'running') ?? live.experiments.at(-1);
  const experiment = id === undefined ? latest?.id : Number(id);
  if (experiment === undefined) return undefined;
  const known = pages.find((name) => name === page) ?? 'overview';
  return { experiment, page: known, trial: item === undefined ? undefined : Number(item) };
}

const opened = new Kept<ExperimentAnswer>(
  (experiment) => {
    const place = placeOf(location.hash);
    if (place?.experiment !== experiment.id) return;
    view?.close();
    view = viewOf({ live, experiment }, place);
    fill(main, view.element);
    document.title = `${experiment.name} · coresweep`;
    view.update();
  },
  (reason) => fill(main, h('p', { class: 'fault', role: 'alert' }, reason)),
);

function navigate(): void {
  if (location.hash === comparison) return showComparison();
  const place = placeOf(location.hash);
  if (place === undefined) return showNothing();
  const address = JSON.stringify(place);
  if (address === shownAddress) return;
  const isFirst = shownAddress === undefined;
  shownAddress = address;
  opened.want(`experiments/${place.experiment}`, `${++turns}`);
  // The focus tells a screen reader that the page is new; it reads the first one anyway.
  if (!isFirst) main.focus({ preventScroll: true });
  showList();
}

function showComparison(): void {
  if (shownAddress === comparison) return;
  const isFirst = shownAddress === undefined;
  shownAddress = comparison;
  view?.close();
  view = compare(live);
  fill(main, view.element);
  document.title = 'Experiments · coresweep';
  view.update();
  if (!isFirst) main.focus({ preventScroll: true });
  showList();
}

function showNothing(): void {
  if (live.connection !== 'open') return;
  const words = 'This page fills by itself once an experiment runs into this database:';
  fill(
    main,
    h(
      'div',
      { class: 'page' },
      ...[h('h1', {}, 'No results yet'), h('p', {}, words), h('pre', {}, 'coresweep run FILE')],
    ),
  );
}

function showList(): void {
  const current = placeOf(location.hash)?.experiment;
  const mark = JSON.stringify([location.hash, current, live.experiments]);
  if (mark === listed) return;
  listed = mark;
  const links = live.experiments.toReversed().map((experiment) => experimentLink(experiment, current));
  const isCompared = location.hash === comparison;
  const all = h('a', { href: comparison, 'aria-current': isCompared ? 'page' : undefined }, 'Compare');
  fill(listHead, 'Experiments ', links.length > 1 && all);
  fill(row, ...links.map((link) => h('li', {}, link)));
  const link = links.find((one) => one.hasAttribute('aria-current'));
  if (link === undefined || current === sought) return;
  sought = current;
  // Where they stand beside each other, on narrow screens, the current one may be out of sight.
  row.scrollLeft = link.offsetLeft - row.offsetLeft - 2;
}

function experimentLink(
  experiment: StateEvent['experiments'][number],
  current: number | undefined,
): HTMLElement {
  const { id, name, trials, ended, state } = experiment;
  return h(
    'a',
    { href: `#/${id}`, class: 'experiment', 'aria-current': id === current ? 'page' : undefined },
    h('span', { class: 'name' }, name),
    badge(state),
    h(
      'span',
      { class: 'quiet' },
      `run ${id}, ${ended === trials ? counted(trials, 'trial') : `${ended} of ${counted(trials, 'trial')}`}`,
    ),
    h('span', { class: 'figure' }, bestText(experiment)),
    state === 'running' && bar(ended / Math.max(1, trials)),
  );
}

const connectionTexts: Record<Connection, string> = {
  connecting: 'connecting',
  open: 'live',
  lost: 'connection lost, trying again',
};

live.subscribe(() => {
  connection.className = `connection ${live.connection}`;
  // Written only when it changes: it is a status that screen readers speak.
  const text = connectionTexts[live.connection];
  if (connection.textContent !== text) connection.textContent = text;
  showList();
  navigate();
  view?.update();
});
addEventListener('hashchange', navigate);
// The address says what is shown: the way to the content must not change it.
document.querySelector('.skip')?.addEventListener('click', (event) => {
  event.preventDefault();
  main.focus();
});
// Browsers leave what is reached by Tab half out of sight where a row or a table scrolls.
addEventListener('focusin', ({ target }) => {
  if (target instanceof HTMLElement && target.matches('a, button'))
    target.scrollIntoView({ block: 'nearest', inline: 'nearest' });
});
live.start();
