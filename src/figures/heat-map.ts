/**
 * Two parameters as a map: a cell a pair of values, or of stretches of a range, and in it the mean of the trials there.
 * Where nothing was tried there is no cell: nothing is made up between trials.
 */
import type { EChartsOption } from 'echarts';
import type { Metric } from '../metric.ts';
import { paramsKey } from '../space/params-key.ts';
import type { DoneTrial } from '../trial.ts';
import { displayWidth } from '../words/display-width.ts';
import { extent } from '../words/extent.ts';
import { countedStep, deciding, measureText, type Tried } from '../words/measures.ts';
import { type Bins, binsOf } from './bins.ts';
import { categoryAxis, type Figure, isNarrow, type Look, plain } from './figure.ts';
import { scalesOf } from './scale.ts';
import { decisiveOf, type Searched } from './searched.ts';
import { inkOnSequential, sequential } from './theme.ts';

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly mean: number;
  readonly trials: readonly DoneTrial[];
}

/** More cells than this are too small to be seen. */
const mostCells = 2_500;

/**
 * The map of two parameters; undefined where there are not two, or no done trial.
 * @param pair their names; otherwise the two with the most values
 */
export function heatMapFigure(searched: Searched, pair?: readonly [string, string]): Figure | undefined {
  const { done, tried, space } = searched;
  const axes = scalesOf(done, space).map(binsOf);
  const [across, down] =
    pair === undefined ? twoLongest(axes) : pair.map((name) => axes.find((axis) => axis.name === name));
  if (across === undefined || down === undefined) return undefined;
  if (across.labels.length * down.labels.length > mostCells) return undefined;
  const cells = cellsOf(done, across, down, decisiveOf(searched));
  const measure = deciding(tried);
  const { title: what, goal } = measure;
  const text = (value: number) => measureText(measure, value);
  const best = cells.find(({ trials }) => trials.includes(done[0] as DoneTrial));
  const isWhole = cells.length === across.labels.length * down.labels.length;
  const empty = isWhole ? '' : '; where nothing was tried it is empty';
  return {
    name: 'heat-map',
    title: axes.length > 2 || across.isRange || down.isRange ? 'Two parameters' : 'The grid',
    subtitle: `${what} at the ${countedStep(tried)}${meanText(cells, tried)}, by ${down.title} and ${across.title}; the better the brighter; the winner is framed${empty}`,
    height: (width) => 96 + down.labels.length * rowHeight(down, width),
    option: (look) => heatMapOption({ cells, across, down, best, text, what, goal }, look),
    table: {
      head: [down.title, ...across.labels.map((label) => `${across.title} ${label}`)],
      rows: down.labels.map((label, y) => [
        label,
        ...across.labels.map((_, x) => {
          const cell = cells.find((candidate) => candidate.x === x && candidate.y === y);
          return cell === undefined ? '' : text(cell.mean);
        }),
      ]),
    },
    tips: cells.map(({ x, y, mean, trials }) => ({
      series: 0,
      at: [x, y],
      text: `${across.title} ${across.labels[x]}, ${down.title} ${down.labels[y]}\n${what} ${text(mean)} (${namesOf(trials)})`,
    })),
  };
}

/** Of what the values in the cells are means. */
function meanText(cells: readonly Cell[], { replicateName }: Tried): string {
  const most = Math.max(...cells.map(({ trials }) => trials.length));
  if (most === 1) return '';
  const areReplicates = cells.every(
    ({ trials }) => new Set(trials.map(({ params }) => paramsKey(params))).size === 1,
  );
  return areReplicates
    ? `, mean of ${most} ${replicateName}s`
    : `, mean of the trials in each cell (up to ${most})`;
}

function namesOf(trials: readonly DoneTrial[]): string {
  const named = trials.slice(0, 6).map(({ number }) => number);
  return `trial ${named.join(', ')}${trials.length > 6 ? ` and ${trials.length - 6} more` : ''}`;
}

const rowHeight = ({ labels }: Bins, width: number): number =>
  Math.max(14, Math.min(64, width / 12, 420 / labels.length));

/** The two with the most values, in their order. */
function twoLongest(axes: readonly Bins[]): readonly Bins[] {
  const longest = [...axes].sort((a, b) => b.values - a.values).slice(0, 2);
  return axes.filter((axis) => longest.includes(axis));
}

function cellsOf(
  done: readonly DoneTrial[],
  across: Bins,
  down: Bins,
  value: (trial: DoneTrial) => number,
): Cell[] {
  const cells = Map.groupBy(done, (trial) => `${across.at(trial)} ${down.at(trial)}`);
  return [...cells.values()].map((trials) => {
    const first = trials[0] as DoneTrial;
    return {
      ...{ x: across.at(first), y: down.at(first), trials },
      mean: trials.reduce((sum, trial) => sum + value(trial), 0) / trials.length,
    };
  });
}

interface HeatMap {
  readonly cells: readonly Cell[];
  readonly across: Bins;
  readonly down: Bins;
  readonly best: Cell | undefined;
  readonly text: (value: number) => string;
  readonly what: string;
  readonly goal: Metric['goal'];
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
  const left = Math.max(76, 40 + 7.4 * Math.max(...down.labels.map(displayWidth)));
  const cellWidth = (width - left - 24) / across.labels.length;
  const longest = Math.max(...cells.map(({ mean }) => displayWidth(text(mean))));
  // A digit is at most 0.64 of its size wide, the winner's bold one 0.7.
  const fontSize = Math.min(isNarrow(look) ? 12 : 14, Math.floor((cellWidth - 6) / (0.68 * longest)));
  const showsValues = fontSize >= 9 && rowHeight(down, width) >= 18;
  const height = down.labels.length * rowHeight(down, width);
  const axis = (bins: Bins, maxWidth: number) => ({
    ...categoryAxis(theme, bins.labels),
    ...{ name: bins.title, nameLocation: 'middle' as const, nameTruncate: { maxWidth } },
    axisLine: { show: false },
  });
  return {
    ...plain(theme),
    grid: { left, right: 24, top: 10, bottom: 86, outerBoundsMode: 'none' },
    xAxis: { ...axis(across, width - left - 24), nameGap: 28 },
    yAxis: { ...axis(down, height), nameGap: left - 24 },
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
              fontSize,
              fontWeight: cell === best ? 'bold' : 'normal',
            },
          })),
      },
    ],
  } as EChartsOption;
}
