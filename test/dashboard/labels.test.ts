import t from 'tap';
import { apart } from '../../src/dashboard/page/labels.ts';

const label = (seriesIndex: number, x: number, y: number) => ({
  seriesIndex,
  labelRect: { x, y, width: 40, height: 12 },
});

t.test(
  'no label lies on another, however many lines end in one place, and a redraw moves none',
  async (t) => {
    const labels = Array.from({ length: 8 }, (_, index) => label(index, 300 + 9 * index, 100 + (index % 3)));
    const place = apart();
    const shifts = () => labels.map((one) => place(one).dy);
    const first = shifts();
    const boxes = labels.map(({ labelRect }, index) => ({
      ...labelRect,
      y: labelRect.y + (first[index] ?? 0),
    }));
    for (const [index, a] of boxes.entries())
      for (const b of boxes.slice(index + 1))
        t.ok(Math.abs(a.x - b.x) >= 40 || Math.abs(a.y - b.y) >= 12, `${JSON.stringify([a, b])}`);
    t.same(shifts(), first);
  },
);

t.test('a label that lies on no other stays where its line ends', async (t) => {
  const place = apart();
  t.same(
    [label(0, 0, 0), label(1, 0, 12), label(2, 40, 0)].map((one) => place(one).dy),
    [0, 0, 0],
  );
});
