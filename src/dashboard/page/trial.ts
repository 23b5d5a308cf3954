/** One trial: its result and its curves, growing while it runs. */
import { type EpochMetrics, epochOf, metricsFrom } from '../../metric.ts';
import type { Trial } from '../../trial.ts';
import { durationText, percent, quantityText, secondsText } from '../../words/units.ts';
import type { TrialAnswer } from '../answers.ts';
import { Chart, figure } from './chart.ts';
import { type Metric, trialOption, trialTips } from './curve-chart.ts';
import { badge, fill, h, tile } from './dom.ts';
import { Kept } from './fetching.ts';
import { type Context, revisionOf, stateNow, type View } from './view.ts';
import { leftText, parametersText } from './words.ts';

export function trial(context: Context, id: number): View {
  const { live, experiment } = context;
  const head = h('div', { class: 'page' });
  const drawings = h('div', { class: 'pair' });
  const key = h('ul', { class: 'key' });
  const charts = metricsFrom(experiment.metric).map(({ quantity }): readonly [Metric, Chart] => [
    quantity,
    new Chart('curves'),
  ]);
  fill(drawings, ...charts.map(([metric, chart]) => figure('', metric, chart)));
  let answer: TrialAnswer | undefined;
  let drawn = '';
  let told = '';
  const draw = () => {
    if (answer === undefined) return;
    const { trial: found, curve: stored } = answer;
    const running = live.running.find((known) => known.id === id);
    const curve = stored.length > 0 ? stored : (running?.curve ?? []);
    const mark = `${stateNow(context, found.state)} ${curve.length} ${curve.at(-1)?.epoch}`;
    const second = `${mark} ${Math.round(running?.times?.elapsed ?? 0)}`;
    if (second !== told) fill(head, ...headOf(context, found, curve, answer.sizes));
    told = second;
    if (mark === drawn) return;
    drawn = mark;
    const planned =
      running?.epochs ?? (found.role === 'search' ? experiment.epochs : experiment.finalEpochs) ?? 1;
    const bestEpoch = found.state === 'done' ? found.best.step : undefined;
    drawings.hidden = curve.length === 0;
    key.hidden = curve.length === 0;
    const measured = found.role === 'search' ? 'validation' : 'test';
    fill(
      key,
      h('li', { class: 'first' }, measured),
      h('li', { class: 'second dashed' }, 'training'),
      bestEpoch !== undefined && h('li', { class: 'dot' }, `best epoch, ${bestEpoch}`),
    );
    for (const [metric, chart] of charts) {
      const label = `${metric} of this trial over ${curve.at(-1)?.epoch ?? 0} epochs`;
      chart.show(
        label,
        () => trialOption(curve, metric, found.role, planned, bestEpoch),
        trialTips(curve, metric, found.role),
      );
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
    element: h('section', { class: 'page card', 'aria-label': 'Trial' }, head, key, drawings),
    update() {
      kept.want(`trials/${id}`, revisionOf(context));
      draw();
    },
    close() {
      kept.close();
      for (const [, chart] of charts) chart.close();
    },
  };
}

function headOf(
  context: Context,
  found: Trial,
  curve: readonly EpochMetrics[],
  sizes: readonly number[] | null,
): HTMLElement[] {
  const { experiment } = context;
  const rows = found.role === 'search' ? 'validation' : 'test';
  const title = found.role === 'search' ? `Trial ${found.number}` : 'Final training';
  const [first, second] = metricsFrom(experiment.metric);
  const { metric } = experiment;
  const measured = (name: string, at: EpochMetrics) =>
    tile(
      name,
      quantityText[first.quantity](at[first.key]),
      h(
        'span',
        {},
        `epoch ${at.epoch}, ${second.quantity} ${quantityText[second.quantity](at[second.key])}, training ${percent(at.trainingAccuracy)}`,
      ),
    );
  const last = curve.at(-1);
  const times = context.live.running.find(({ id }) => id === found.id)?.times;
  const timeTiles = times
    ? [tile('Running for', durationText(times.elapsed), h('span', {}, leftText(times)))]
    : [];
  const tiles =
    found.state === 'done'
      ? [
          measured(
            `${found.role === 'search' ? 'Best' : 'Peak'} ${rows} ${first.quantity}`,
            epochOf(metric, found.best),
          ),
          measured('After the last epoch', epochOf(metric, found.last)),
          tile('Time', secondsText(found.seconds), sizes && h('span', {}, `network ${sizes.join('-')}`)),
        ]
      : last === undefined
        ? []
        : [measured('So far', last), ...timeTiles];
  return [
    h('h2', {}, title, ' ', badge(stateNow(context, found.state))),
    h('p', {}, parametersText(found.params)),
    ...('reason' in found ? [h('p', { class: 'fault' }, `${found.code}: ${found.reason}`)] : []),
    ...(found.state === 'diverged'
      ? [h('p', { class: 'fault' }, `Its loss or its weights were no longer finite in epoch ${found.step}.`)]
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
