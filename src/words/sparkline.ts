/** A curve as one line of characters. */
import { extent } from './extent.ts';

const blocks = '▁▂▃▄▅▆▇█';

/**
 * Values as at most `width` blocks of eight heights; neighbours are averaged, a gap is a blank, a constant is level.
 * @param scale what the lowest and the highest block stand for; the values' own ends if absent
 */
export function sparkline(
  values: readonly number[],
  width: number,
  scale?: readonly [low: number, high: number],
): string {
  const count = Math.min(width, values.length);
  const means = Array.from({ length: count }, (_, i) => {
    const part = values.slice(
      Math.floor((i * values.length) / count),
      Math.floor(((i + 1) * values.length) / count),
    );
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });
  const [low, high] = scale ?? extent(means);
  return means
    .map((mean) => {
      if (!Number.isFinite(mean)) return ' ';
      return blocks[low === high ? 3 : Math.round((7 * (mean - low)) / (high - low))];
    })
    .join('');
}
