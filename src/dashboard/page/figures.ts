/** What the parameters do, in pictures; drawn anew when trials have ended. */
import type { EChartsOption } from 'echarts';
import type { TrialColumns } from '../answers.ts';
import { Chart } from './chart.ts';
import { fill, h } from './dom.ts';
import { Kept } from './fetching.ts';
import {
  effectOption,
  heatMapOption,
  type Measured,
  measuredOf,
  parallelOption,
} from './parameter-figures.ts';
import { type Context, revisionOf, type View } from './view.ts';
import { counted, parameterName, shareText, valueText } from './words.ts';

interface Figure {
  readonly title: string;
  readonly chart: Chart;
  readonly isEffect?: boolean;
  readonly option: (measured: Measured) => EChartsOption;
}

export function figures(context: Context): View {
  const { experiment } = context;
  const empty = h(
    'p',
    { class: 'card quiet' },
    'Figures appear once two trials with different parameters are done.',
  );
  const element = h('div', { class: 'page' }, empty);
  let shown: readonly Figure[] = [];
  let names = '';
  const kept = new Kept<TrialColumns>(
    (columns) => {
      const measured = measuredOf(columns);
      const now = measured.parameters.map(({ name }) => name).join('\n');
      if (now !== names) {
        for (const { chart } of shown) chart.close();
        shown = figuresOf(measured);
        names = now;
        fill(element, ...(shown.length === 0 ? [empty] : arranged(shown)));
      }
      for (const { title, chart, option } of shown)
        chart.show(`${title}. ${summaryOf(measured)}`, () => option(measured));
    },
    (reason) => fill(element, h('p', { class: 'card fault' }, reason)),
  );
  return {
    element,
    update: () => kept.want(`experiments/${experiment.id}/columns`, revisionOf(context)),
    close() {
      kept.close();
      for (const { chart } of shown) chart.close();
    },
  };
}

/** The large figures below each other, then the effects side by side. */
function arranged(shown: readonly Figure[]): HTMLElement[] {
  const effects = shown.filter(({ isEffect }) => isEffect);
  return [
    ...shown.filter(({ isEffect }) => !isEffect).map(card),
    h('div', { class: 'pair' }, ...effects.map(card)),
  ];
}

const card = ({ title, chart }: Figure): HTMLElement =>
  h('section', { class: 'card', 'aria-label': title }, h('h2', {}, title), chart.element);

function figuresOf({ parameters }: Measured): Figure[] {
  const [first, second] = parameters.map(({ name }) => parameterName(name));
  if (first === undefined) return [];
  const heat: Figure[] =
    second === undefined
      ? []
      : [
          {
            title: `Best validation accuracy by ${first} and ${second}`,
            chart: new Chart('wide'),
            option: heatMapOption,
          },
        ];
  return [
    ...heat,
    {
      title: 'Every trial: its parameters and its accuracy',
      chart: new Chart('wide'),
      option: parallelOption,
    },
    ...parameters.map(({ name }) => ({
      title: `Accuracy (%) by ${parameterName(name)}`,
      chart: new Chart('middle'),
      isEffect: true,
      option: (measured: Measured) => effectOption(measured, name),
    })),
  ];
}

/** The same in words, for whoever cannot see it. */
function summaryOf({ rows, parameters }: Measured): string {
  const best = rows.reduce(
    (a, b) => (b.accuracy > a.accuracy ? b : a),
    rows[0] ?? { number: 0, values: {}, accuracy: 0 },
  );
  const where = parameters
    .map(({ name }) => `${parameterName(name)} ${valueText(best.values[name])}`)
    .join(', ');
  return `${counted(rows.length, 'trial')}; the best, trial ${best.number}, has ${shareText(best.accuracy)} with ${where}.`;
}
