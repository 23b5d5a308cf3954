/** The grid as a heat map: two parameters on axes in numeric order, the best result of each cell in it. */
import type { EChartsOption } from 'echarts';
import { decisive, type MetricFacts, metricFacts, type NetworkMetric } from '../metric.ts';
import type { DoneTrial } from '../trial.ts';
import { extent } from '../words/extent.ts';
import { labelsOf, type Parameter, parametersOf, placeIn } from '../words/parameters.ts';
import { quantityText } from '../words/units.ts';
import { axisLook, type Figure, isNarrow, type Look, plain } from './figure.ts';
import { inkOnSequential, sequential } from './theme.ts';

/** Of all replicates of one combination. */
interface Cell {
  readonly x: number;
  readonly y: number;
  readonly mean: number;
  readonly trials: readonly DoneTrial[];
}

/** The heat map of phase 1; undefined where there are not two parameters with few enough values, or no done trial. */
export function heatMapFigure(done: readonly DoneTrial[], metric: NetworkMetric): Figure | undefined {
  const [across, down] = twoLongest(parametersOf(done));
  if (across === undefined || down === undefined) return undefined;
  const [columns, rows] = [labelsOf(across), labelsOf(down)];
  if (columns.length * rows.length > 2_500) return undefined;
  const cells = cellsOf(done, across, down);
  const { title: what, quantity, goal } = metricFacts[metric];
  const text = quantityText[quantity];
  const best = cells.find(({ trials }) => trials.includes(done[0] as DoneTrial));
  const replicates = Math.max(...cells.map(({ trials }) => trials.length));
  return {
    name: 'heat-map',
    title: 'The grid',
    subtitle: `${what} at the best epoch${replicates > 1 ? `, mean of ${replicates} replicates` : ''}, by ${down.title} and ${across.title}; the better the brighter; the winner is framed`,
    height: (width) => 96 + down.values.length * rowHeight(down, width),
    option: (look) => heatMapOption({ cells, across, down, best, text, what, goal }, look),
    table: {
      head: [down.title, ...columns.map((label) => `${across.title} ${label}`)],
      rows: rows.map((label, y) => [
        label,
        ...columns.map((_, x) => {
          const cell = cells.find((candidate) => candidate.x === x && candidate.y === y);
          return cell === undefined ? '' : text(cell.mean);
        }),
      ]),
    },
    tips: cells.map(({ x, y, mean, trials }) => ({
      series: 0,
      at: [x, y],
      text: `${across.title} ${columns[x]}, ${down.title} ${rows[y]}\n${what} ${text(mean)} (trial ${trials.map(({ number }) => number).join(', ')})`,
    })),
  };
}

const rowHeight = ({ values }: Parameter, width: number): number =>
  Math.max(14, Math.min(64, width / 12, 420 / values.length));

/** The two parameters with the most values, in their order. */
function twoLongest(parameters: readonly Parameter[]): Parameter[] {
  const longest = [...parameters].sort((a, b) => b.values.length - a.values.length).slice(0, 2);
  return parameters.filter((parameter) => longest.includes(parameter));
}

function cellsOf(done: readonly DoneTrial[], across: Parameter, down: Parameter): Cell[] {
  const place = (parameter: Parameter, trial: DoneTrial) =>
    placeIn(parameter, trial) ?? parameter.values.length;
  const cells = Map.groupBy(done, (trial) => `${place(across, trial)} ${place(down, trial)}`);
  return [...cells.values()].map((trials) => {
    const first = trials[0] as DoneTrial;
    return {
      x: place(across, first),
      y: place(down, first),
      mean: trials.reduce((sum, { best }) => sum + decisive(best), 0) / trials.length,
      trials,
    };
  });
}

interface HeatMap {
  readonly cells: readonly Cell[];
  readonly across: Parameter;
  readonly down: Parameter;
  readonly best: Cell | undefined;
  readonly text: (value: number) => string;
  readonly what: string;
  readonly goal: MetricFacts['goal'];
}

function heatMapOption({ cells, across, down, best, text, what, goal }: HeatMap, look: Look): EChartsOption {
  const { theme, width } = look;
  const [low, high] = extent(cells.map(({ mean }) => mean));
  // The better, the brighter, whichever way is better.
  const colours = goal === 'maximise' ? sequential : sequential.toReversed();
  const share = (mean: number) => {
    if (low === high) return 1;
    return (goal === 'maximise' ? mean - low : high - mean) / (high - low);
  };
  const cellWidth = (width - 100) / across.values.length;
  const showsValues = cellWidth >= 46 && rowHeight(down, width) >= 18;
  const axis = (parameter: Parameter) => ({
    ...axisLook(theme),
    type: 'category' as const,
    name: parameter.title,
    nameLocation: 'middle' as const,
    data: labelsOf(parameter),
    axisTick: { show: false },
    axisLine: { show: false },
    splitLine: { show: false },
  });
  return {
    ...plain(theme),
    grid: { left: 76, right: 24, top: 10, bottom: 86, outerBoundsMode: 'none' },
    xAxis: { ...axis(across), nameGap: 28 },
    yAxis: { ...axis(down), nameGap: 52 },
    visualMap: {
      type: 'continuous',
      // The frame of the winner keeps its own colour.
      seriesIndex: 0,
      min: low,
      max: low === high ? low + 1e-9 : high,
      inRange: { color: [...colours] },
      orient: 'horizontal',
      left: 'center',
      bottom: 4,
      itemWidth: 12,
      itemHeight: isNarrow(look) ? 120 : 220,
      text: [text(high), `${isNarrow(look) ? '' : `${what}  `}${text(low)}`],
      textStyle: { color: theme.soft },
    },
    series: [
      {
        type: 'heatmap',
        silent: true,
        // The winner last: its frame lies over its neighbours.
        data: cells
          .toSorted((a, b) => Number(a === best) - Number(b === best))
          .map((cell) => ({
            value: [cell.x, cell.y, cell.mean],
            itemStyle:
              cell === best
                ? { borderColor: theme.ink, borderWidth: 4 }
                : { borderColor: theme.paper, borderWidth: 2 },
            label: {
              show: showsValues,
              formatter: text(cell.mean),
              color: inkOnSequential(share(cell.mean)),
              fontSize: isNarrow(look) ? 12 : 14,
              fontWeight: cell === best ? 'bold' : 'normal',
            },
          })),
      },
    ],
  } as EChartsOption;
}
