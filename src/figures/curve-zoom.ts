/**
 * Where the best accuracies end, drawn larger beside the whole: on an axis from 0 %, the best curves are one line.
 * Not here: the curves (curves.ts).
 */
import { extent } from '../words/extent.ts';
import { isNarrow } from './figure.ts';

/** How many of the best a reader is to tell apart. */
export const toldApart = 5;

/** Of the height of the whole, where the two stand below each other. */
const narrowShare = 0.8;
const between = 74;

/** A part of a figure, as ECharts wants it, in pixels. */
interface Place {
  readonly left: number;
  readonly width: number;
  readonly top: number;
  readonly height: number;
  readonly outerBoundsMode: 'none';
}

/**
 * The part of an axis that the best curves end in; undefined where the whole axis shows it as well.
 * @param best values by epoch, the best curve first
 * @param all every value that the whole axis shows
 */
export function zoomRange(
  best: readonly (readonly number[])[],
  all: readonly number[],
): readonly [low: number, high: number] | undefined {
  const ends = best.slice(0, toldApart).flatMap((values) => {
    const known = values.filter(Number.isFinite);
    return known.length === 0 ? [] : [known.at(-1) as number, extent(known)[1]];
  });
  const [low, high] = extent(ends);
  const [lowest, highest] = extent(all);
  // Equal ends are one line on any axis.
  return low < high && high - low < (highest - lowest) / 3 ? [low, high] : undefined;
}

/** How much higher a figure is with a second panel. */
export const zoomHeight = (width: number, plotHeight: number): number =>
  isNarrow({ width }) ? plotHeight * narrowShare + between : 0;

/** Where the whole and the zoomed part stand: beside each other, or below on narrow paper. */
export function panels(width: number, left: number, plotHeight: number): readonly [Place, Place] {
  const place = (at: Omit<Place, 'outerBoundsMode'>): Place => ({ ...at, outerBoundsMode: 'none' });
  const top = 12;
  const labels = 64;
  if (isNarrow({ width })) {
    const whole = place({ left, width: width - left - 24, top, height: plotHeight });
    const height = plotHeight * narrowShare;
    return [whole, place({ left, width: width - left - labels, top: top + plotHeight + between, height })];
  }
  const side = (width - 2 * left - 16 - labels) / 2;
  const whole = place({ left, width: side, top, height: plotHeight });
  return [whole, place({ ...whole, left: 2 * left + side + 16 })];
}
