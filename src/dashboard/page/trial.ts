/** One trial: its result and its curves, growing while it runs. */
import type { Report, Trial } from '../../trial.ts';
import { evaluationName } from '../../words/evaluation-name.ts';
import { countedStep, deciding, type Measure, shortTitle, titleIn } from '../../words/measures.ts';
import { durationText, secondsText, settingsText } from '../../words/units.ts';
import type { TrialAnswer } from '../answers.ts';
import { Chart, captionOf, figure } from './chart.ts';
import { trialOption } from './curve-chart.ts';
import { trialTips } from './curve-tips.ts';
import { badge, fill, h, tile } from './dom.ts';
import { Kept } from './fetching.ts';
import { twinOf } from './plotted.ts';
import { type Context, measuresIn, revisionOf, stateNow, triedIn, type View } from './view.ts';
import { decidedText, leftText, measuredText } from './words.ts';

export function trial(context: Context, id: number): View {
  const { live, experiment } = context;
  const head = h('div', { class: 'page' });
  const drawings = h('div', { class: 'pair' });
  const key = h('ul', { class: 'key' });
  const tried = triedIn(context);
  const measures = measuresIn(context);
  const log = h('details', { class: 'log' });
  const charts = measures.map((measure, place) => ({ measure, place, chart: new Chart('curves') }));
  fill(drawings, ...charts.map(({ measure, chart }) => figure(captionOf(tried, measure, ''), chart)));
  let answer: TrialAnswer | undefined;
  let drawn = '';
  let told = '';
  const draw = () => {
    if (answer === undefined) return;
    const { trial: found, curve: stored } = answer;
    const running = live.running.find((known) => known.id === id);
    const curve = stored.length > 0 ? stored : (running?.curve ?? []);
    const mark = `${stateNow(context, found)} ${curve.length} ${curve.at(-1)?.step}`;
    const second = `${mark} ${Math.round(running?.times?.elapsed ?? 0)}`;
    if (second !== told) fill(head, ...headOf(context, found, curve, answer.sizes));
    told = second;
    if (mark === drawn) return;
    drawn = mark;
    const written = answer.log;
    log.hidden = written === null;
    fill(log, h('summary', {}, 'Log'), h('pre', { tabindex: 0 }, written ?? ''));
    const last = curve.at(-1)?.step ?? 1;
    const planned =
      running?.steps ?? (found.role === 'search' ? experiment.epochs : experiment.finalEpochs) ?? last;
    const bestStep = 'best' in found ? found.best.step : undefined;
    drawings.hidden = curve.length < (tried.kind === 'network' ? 1 : 2);
    key.hidden = drawings.hidden;
    const twin = twinOf({ tried, measures, place: 0, role: found.role });
    const measured = tried.kind === 'network' ? evaluationName(found.role) : 'measured';
    fill(
      key,
      h('li', { class: 'first' }, measured),
      twin && h('li', { class: 'second dashed' }, 'training'),
      bestStep !== undefined && h('li', { class: 'dot' }, `${countedStep(tried)}, ${bestStep}`),
    );
    for (const { measure, place, chart } of charts) {
      const plotted = { tried, measures, place, role: found.role };
      const name = shortTitle(tried, measure);
      const label = `${name} of this trial over ${last} ${tried.step}s`;
      chart.show(label, () => trialOption(curve, plotted, planned, bestStep), trialTips(curve, plotted));
    }
  };
  const kept = new Kept<TrialAnswer>(
    (found) => {
      answer = found;
      draw();
    },
    (reason) => fill(head, h('p', { class: 'fault' }, reason)),
  );
  return {
    element: h('section', { class: 'page card', 'aria-label': 'Trial' }, head, key, drawings, log),
    update() {
      kept.want(`trials/${id}`, revisionOf(context));
      draw();
    },
    close() {
      kept.close();
      for (const { chart } of charts) chart.close();
    },
  };
}

/** The accuracy says enough of what a network does on its training rows. */
const isTrainingLoss = ({ key }: Measure): boolean => key === 'trainingLoss';

function headOf(
  context: Context,
  found: Trial,
  curve: readonly Report[],
  sizes: readonly number[] | null,
): HTMLElement[] {
  const { experiment } = context;
  const tried = triedIn(context);
  const first = deciding(tried);
  const title = found.role === 'search' ? `Trial ${found.number}` : 'Final training';
  const others = tried.measures.filter((measure) => measure !== first && !isTrainingLoss(measure));
  const measured = (name: string, at: Report) =>
    tile(
      name,
      decidedText(tried, at),
      h(
        'span',
        {},
        [
          `${tried.step} ${at.step}`,
          ...others.map((measure) => `${titleIn(tried, measure, found.role)} ${measuredText(measure, at)}`),
        ].join(', '),
      ),
    );
  const last = curve.at(-1);
  const times = context.live.running.find(({ id }) => id === found.id)?.times;
  const timeTiles = times
    ? [tile('Running for', durationText(times.elapsed), h('span', {}, leftText(times)))]
    : [];
  const tiles =
    'best' in found
      ? [
          measured(
            `${found.role === 'search' ? 'Best' : 'Peak'} ${titleIn(tried, first, found.role)}`,
            found.best,
          ),
          ...(found.last.step > 1 ? [measured(`After the last ${tried.step}`, found.last)] : []),
          tile('Time', secondsText(found.seconds), sizes && h('span', {}, `network ${sizes.join('-')}`)),
        ]
      : last === undefined
        ? [tile('So far', '–', h('span', {}, 'nothing has been measured'))]
        : [measured('So far', last), ...timeTiles];
  return [
    h('h2', {}, title, ' ', badge(stateNow(context, found))),
    h('p', {}, settingsText(found, tried, found.role)),
    ...('reason' in found ? [h('p', { class: 'fault' }, `${found.code}: ${found.reason}`)] : []),
    ...(found.state === 'diverged'
      ? [h('p', { class: 'fault' }, `What it measured was no longer finite at ${tried.step} ${found.step}.`)]
      : []),
    ...(found.state === 'pruned'
      ? [
          h(
            'p',
            { class: 'quiet' },
            `It was pruned at ${tried.step} ${found.last.step}, because others were better there.`,
          ),
        ]
      : []),
    h('dl', { class: 'tiles' }, ...tiles),
    ...(sizes
      ? [
          h(
            'p',
            {},
            h(
              'a',
              { class: 'button', href: `#/${experiment.id}/digits/${found.id}` },
              `Try this model on ${{ digits: 'digits', pictures: 'pictures', table: 'the rows' }[experiment.rows]}`,
            ),
          ),
        ]
      : []),
  ];
}
