/** How an experiment stands: its leader, what runs now, and the curves as they grow (phase-curves.ts). */
import type { Report, Role } from '../../trial.ts';
import { deciding, measureText, shortTitle, titleIn, valueIn } from '../../words/measures.ts';
import { percent, secondsText } from '../../words/units.ts';
import type { ExperimentNow, RunningTrial } from '../answers.ts';
import { RunningColours } from './curve-colours.ts';
import { fill, h, tile } from './dom.ts';
import { MachinesCard } from './machines.ts';
import { PhaseCurves } from './phase-curves.ts';
import { type Context, experimentNow, measuresIn, revisionOf, stateNow, triedIn, type View } from './view.ts';
import { counted, countText, decidedText, measuredText, parametersText, timesText } from './words.ts';

export function overview(context: Context): View {
  const { live, experiment } = context;
  const tiles = h('dl', { class: 'tiles' });
  const running = h('section', { class: 'card', 'aria-label': 'Running trials' });
  const colours = new RunningColours();
  const machines = new MachinesCard();
  const phases = (['search', 'final'] as const).map((role) => new PhaseCurves(context, role, colours));
  const element = h(
    'div',
    { class: 'page' },
    tiles,
    running,
    machines.element,
    ...phases.map((part) => part.element),
  );
  let shown = '';
  return {
    element,
    update() {
      const now = experimentNow(context);
      const trials = live.running.filter(({ experimentId }) => experimentId === experiment.id);
      colours.update(trials.map(({ id }) => id));
      const mark = `${revisionOf(context)} ${Math.round(now?.times?.elapsed ?? 0)}`;
      if (now !== undefined && mark !== shown) {
        shown = mark;
        fill(tiles, ...tilesOf(context, now));
      }
      machines.show(now?.machines ?? []);
      running.hidden = trials.length === 0;
      fill(
        running,
        h('h2', {}, 'Running now'),
        h('ul', { class: 'now' }, ...trials.map((trial) => runningItem(context, trial, colours))),
      );
      for (const part of phases) part.update(trials);
    },
    close() {
      for (const part of phases) part.close();
    },
  };
}

function tilesOf(context: Context, now: ExperimentNow): HTMLElement[] {
  const { experiment } = context;
  const { best, final, ended, trials: inAll, seconds } = now;
  const { published } = experiment;
  const tried = triedIn(context);
  const compared = (figure: number | null) =>
    figure === null ? false : h('span', {}, `published: ${percent(figure)}`);
  // What decided stands large; an accuracy says enough, beside anything else stands what else was measured.
  const first = deciding(tried);
  const others = measuresIn(context).filter(
    ({ place }) => place !== first.place && first.written !== 'accuracy',
  );
  const beside = (report: Report | null | undefined, role: Role) =>
    report &&
    others.length > 0 &&
    h(
      'span',
      {},
      others.map((other) => `${titleIn(tried, other, role)} ${measuredText(other, report)}`).join(', '),
    );
  const isNetwork = tried.kind === 'network';
  const bestName = isNetwork ? 'Best on validation rows' : `Best ${first.title}`;
  const searched =
    best === null
      ? tile(bestName, '–', h('span', {}, `no trial is done${now.state === 'running' ? ' yet' : ''}`))
      : tile(
          bestName,
          decidedText(tried, best.best),
          beside(best.best, 'search'),
          h(
            'a',
            { href: `#/${experiment.id}/trial/${best.id}` },
            `trial ${best.number}`,
            `: ${parametersText(best.params)}`,
          ),
          compared(published.validationAccuracy),
        );
  const tested =
    final !== null &&
    tile(
      isNetwork ? 'Final training on test rows' : `Final ${first.title}`,
      final.last === null ? final.state : decidedText(tried, final.last),
      beside(final.last, 'final'),
      h(
        'a',
        { href: `#/${experiment.id}/trial/${final.id}` },
        `final training, after the last ${tried.step}`,
      ),
      compared(published.testAccuracy),
    );
  const trials = tile(
    'Trials ended',
    `${countText(ended)} of ${countText(inAll)}`,
    ...progressOf(context, now),
    now.times !== null && h('span', {}, `running for ${timesText(now.times)}`),
    seconds !== null && now.state !== 'running' && h('span', {}, `the run took ${secondsText(seconds)}`),
  );
  return [frontTile(now), searched, tested, trials].filter((element) => element !== false);
}

/** Where several metrics count alike there is no winner. */
function frontTile({ front }: ExperimentNow): HTMLElement | false {
  if (front === null || front.trials === 0) return false;
  const judged = `not dominated in ${front.metrics.join(', ')}`;
  return tile('Pareto front', counted(front.trials, 'trial'), h('span', {}, judged));
}

/** One bar for all trials of the search, a part a state. */
function progressOf(context: Context, { counts, trials }: ExperimentNow): HTMLElement[] {
  const present = (
    ['done', 'pruned', 'diverged', 'failed', 'running', 'paused', 'stopped', 'waiting'] as const
  ).filter((state) => counts[state] > 0);
  const parts = present.map((state) => {
    const part = h('span', { class: `part ${state}` });
    part.style.setProperty('flex-grow', String(counts[state] / trials));
    return part;
  });
  const words = present.map((state) =>
    h('li', { class: state }, `${countText(counts[state])} ${stateNow(context, { state })}`),
  );
  return [
    h('div', { class: 'stack', 'aria-hidden': 'true' }, ...parts),
    h('ul', { class: 'legend' }, ...words),
  ];
}

function runningItem(context: Context, trial: RunningTrial, colours: RunningColours): HTMLElement {
  const { id, experimentId, role, number, params, steps, curve, times, machine } = trial;
  const tried = triedIn(context);
  const last = curve.at(-1);
  const name = role === 'final' ? 'final training' : `trial ${number}`;
  const known = measuresIn(context).map((measure) => {
    const title = measure.written === 'accuracy' ? '' : `${shortTitle(tried, measure)} `;
    return last === undefined ? '' : `${title}${measureText(measure, valueIn(measure, last))}`;
  });
  const of = steps === null ? '' : ` of ${steps}`;
  return h(
    'li',
    {},
    h('span', { class: `swatch ${colours.of(id)}` }, h('a', { href: `#/${experimentId}/trial/${id}` }, name)),
    h('span', { class: 'quiet' }, parametersText(params), machine === null ? '' : ` · ${machine}`),
    steps !== null &&
      h('progress', { max: steps, value: last?.step ?? 0, 'aria-label': `${tried.step}s of ${name}` }),
    h(
      'span',
      { class: 'figure' },
      last === undefined ? 'just begun' : `${tried.step} ${last.step}${of}, ${known.join(', ')}`,
    ),
    h('span', { class: 'figure quiet' }, times === null ? '' : timesText(times)),
  );
}
