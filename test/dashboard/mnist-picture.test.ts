import t from 'tap';
import { mnistPicture } from '../../src/dashboard/page/mnist-picture.ts';

/** Ink where `isInk` says so. */
function drawing(width: number, height: number, isInk: (x: number, y: number) => boolean) {
  const values = Uint8Array.from({ length: width * height }, (_, at) =>
    isInk(at % width, Math.floor(at / width)) ? 255 : 0,
  );
  return { width, height, values };
}

/** First and last column and row with ink, and the centre of mass. */
function extentOf(picture: Uint8Array, columns: number) {
  let [mass, massX, massY] = [0, 0, 0];
  const xs: number[] = [];
  const ys: number[] = [];
  for (const [at, value] of picture.entries()) {
    if (value === 0) continue;
    const [x, y] = [at % columns, Math.floor(at / columns)];
    xs.push(x);
    ys.push(y);
    mass += value;
    massX += value * (x + 0.5);
    massY += value * (y + 0.5);
  }
  return {
    width: Math.max(...xs) - Math.min(...xs) + 1,
    height: Math.max(...ys) - Math.min(...ys) + 1,
    centre: [massX / mass, massY / mass] as const,
  };
}

t.test(
  'wherever and however large it is drawn, a digit becomes 20 pixels high around the centre',
  async (t) => {
    for (const [left, top, size] of [
      [10, 10, 60],
      [120, 150, 100],
      [0, 0, 280],
    ] as const) {
      const ink = drawing(280, 280, (x, y) => x >= left && x < left + size / 4 && y >= top && y < top + size);
      const picture = mnistPicture(ink) ?? new Uint8Array();
      const { width, height, centre } = extentOf(picture, 28);
      t.equal(picture.length, 784);
      t.equal(height, 20);
      t.equal(width, 5, 'its proportions are kept');
      t.ok(Math.abs(centre[0] - 14) <= 0.5 && Math.abs(centre[1] - 14) <= 0.5, `${centre}`);
    }
  },
);

t.test('the centre is the centre of mass, as in MNIST, not of the box', async (t) => {
  // Heavy below: by its box it would lie about 3 pixels lower.
  const ink = drawing(200, 200, (x, y) => (y < 120 ? x > 85 && x < 115 : x > 50 && x < 150));
  const { centre } = extentOf(mnistPicture(ink) ?? new Uint8Array(), 28);
  t.ok(Math.abs(centre[1] - 14) <= 0.5, `${centre}`);
});

t.test('a scaled stroke keeps its ink: grey where it covers a pixel by half', async (t) => {
  const ink = drawing(40, 40, (x, y) => (x === 0 || x === 39) && y < 40);
  const picture = mnistPicture(ink) ?? new Uint8Array();
  t.same(new Set(picture), new Set([0, 128]));
});

t.test('an empty board gives no picture, one dot gives one, and other sizes of picture work', async (t) => {
  t.equal(mnistPicture(drawing(50, 50, () => false)), undefined);
  t.ok((mnistPicture(drawing(50, 50, (x, y) => x === 3 && y === 49)) ?? []).some((value) => value > 0));
  const small =
    mnistPicture(
      drawing(50, 50, (x) => x > 20 && x < 30),
      8,
      8,
    ) ?? new Uint8Array();
  t.equal(small.length, 64);
  t.equal(extentOf(small, 8).height, 6);
});
