/**
 * Names at the ends of lines, moved down where they would lie on another one.
 * Not here: what they say.
 */

interface Label {
  readonly seriesIndex: number;
  readonly labelRect: Box;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** For ECharts' labelLayout: it asks label by label, and each is placed beside those of the series before it. */
export function apart(): (label: Label) => { dy: number } {
  const placed = new Map<number, Box>();
  return ({ seriesIndex, labelRect }) => {
    const before = [...placed].filter(([index]) => index < seriesIndex).map(([, box]) => box);
    let box = labelRect;
    for (
      let hit = before.find((other) => overlap(box, other));
      hit;
      hit = before.find((b) => overlap(box, b))
    )
      box = { ...box, y: hit.y + hit.height };
    placed.set(seriesIndex, box);
    return { dy: box.y - labelRect.y };
  };
}

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
