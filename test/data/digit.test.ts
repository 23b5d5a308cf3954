import t from 'tap';
import { loadData } from '../../src/data/dataset.ts';
import { digitOfInk, digitPixels, type GreyPicture } from '../../src/data/digit.ts';
import { randomStream } from '../../src/random.ts';

const frame = { rows: 28, columns: 28 };

/** A page with ink where `isInk` says so. */
function page(width: number, height: number, isInk: (x: number, y: number) => boolean, ink = 0, paper = 255) {
  const grey = Float32Array.from({ length: width * height }, (_, at) =>
    isInk(at % width, Math.floor(at / width)) ? ink : paper,
  );
  return { width, height, grey };
}

/** The box around everything that is not blank: [left, right, top, bottom]. */
function box(pixels: Uint8Array): number[] {
  const inked = [...pixels.entries()].filter(([, value]) => value > 0).map(([at]) => at);
  const [xs, ys] = [inked.map((at) => at % 28), inked.map((at) => Math.floor(at / 28))];
  return [Math.min(...xs), Math.max(...xs) + 1, Math.min(...ys), Math.max(...ys) + 1];
}

/** MNIST pictures as somebody would draw them: `scale` times as large, dark on a light page with margins. */
function drawn(pixels: Uint8Array, scale: number, margin: number): GreyPicture {
  const side = 28 * scale;
  const [width, height] = [side + margin, side + 3 * margin];
  const grey = Float32Array.from({ length: width * height }, (_, at) => {
    const [x, y] = [at % width, Math.floor(at / width)].map((place) =>
      Math.floor((place - margin) / scale),
    ) as [number, number];
    const isInside = x >= 0 && x < 28 && y >= 0 && y < 28;
    return 235 - 0.8 * (isInside ? (pixels[28 * y + x] as number) : 0);
  });
  return { width, height, grey };
}

t.test('the longer side becomes 20 pixels, and the aspect stays', async (t) => {
  const bar = page(300, 500, (x, y) => x >= 40 && x < 80 && y >= 100 && y < 300);
  const pixels = digitPixels(bar, frame) as Uint8Array;
  t.same(box(pixels), [13, 17, 5, 25], '40 x 200 becomes 4 x 20, its middle at pixel 14');
  t.same(new Set(pixels), new Set([0, 255]));
});

t.test('dark on light and light on dark are the same digit', async (t) => {
  const isInk = (x: number, y: number) => x > 10 && x < 30 && y > 10 && y < 15 + x / 2;
  const onLight = digitPixels(page(50, 60, isInk), frame);
  t.same(digitPixels(page(50, 60, isInk, 255, 0), frame), onLight);
  t.same(digitPixels(page(50, 60, isInk, 90, 200), frame), onLight, 'grey ink is made black');
});

t.test('the centre of mass comes to the centre of the frame', async (t) => {
  const wedge = page(200, 200, (x, y) => x >= 50 && x < 150 && y >= 50 && y < x);
  const pixels = digitPixels(wedge, frame) as Uint8Array;
  let [mass, across, down] = [0, 0, 0];
  for (const [at, value] of pixels.entries()) {
    mass += value;
    across += value * (at % 28);
    down += value * Math.floor(at / 28);
  }
  t.ok(Math.abs(across / mass - 14) <= 0.51 && Math.abs(down / mass - 14) <= 0.51);
});

t.test('a digit that touches the edge of its page, or is one pixel, fits its frame', async (t) => {
  t.same(
    box(
      digitPixels(
        page(100, 30, (x) => x >= 40),
        frame,
      ) as Uint8Array,
    ).length,
    4,
  );
  t.same(
    box(
      digitPixels(
        page(90, 90, (x, y) => x === 3 && y === 80),
        frame,
      ) as Uint8Array,
    ),
    [5, 25, 5, 25],
  );
});

/** What somebody may draw on a board: a walk of a round pen, its edge anti-aliased. */
function stroke(seed: number): GreyPicture {
  const random = randomStream(seed, 'search', 0, 0);
  const side = 70;
  const grey = new Float32Array(side * side);
  const between = (low: number, high: number) => low + (high - low) * random.uniform();
  let [x, y] = [between(15, 55), between(15, 55)];
  let [across, down] = [between(-0.5, 0.5), between(-0.5, 0.5)];
  const pen = between(2, 6);
  for (let step = 0; step < 40; step++) {
    for (const [at, value] of grey.entries()) {
      const distance = Math.sqrt(((at % side) - x) ** 2 + (Math.floor(at / side) - y) ** 2);
      grey[at] = Math.max(value, Math.round(255 * Math.min(1, Math.max(0, pen - distance))));
    }
    [across, down] = [across + between(-0.25, 0.25), down + between(-0.25, 0.25)];
    [x, y] = [x + 2 * across, y + 2 * down];
  }
  return { width: side, height: side, grey };
}

t.test('200 random strokes are the same digit drawn on the page as in a file, light or dark', async (t) => {
  const different = Array.from({ length: 200 }, (_, seed) => {
    const drawing = stroke(seed);
    const onPage = digitOfInk(drawing, frame) ?? new Uint8Array();
    const dark = digitPixels(drawing, frame) ?? new Uint8Array();
    const light = { ...drawing, grey: drawing.grey.map((ink) => 255 - ink) };
    const isSame = [dark, digitPixels(light, frame)].every((pixels) => pixels?.join() === onPage.join());
    return isSame && onPage.length === 784 ? 0 : 1;
  });
  t.equal(
    different.reduce<number>((sum, one) => sum + one, 0),
    0,
  );
});

t.test('a blank page has no digit', async (t) => {
  t.equal(
    digitPixels(
      page(50, 60, () => false),
      frame,
    ),
    undefined,
  );
  t.equal(
    digitPixels(
      page(50, 60, (x) => x === 5, 250),
      frame,
    ),
    undefined,
    'contrast too faint to be ink',
  );
});

t.test('a picture of the right size is taken as it is, inverted where its paper is light', async (t) => {
  const grey = Float32Array.from({ length: 784 }, (_, at) => (at === 400 ? 200 : 0));
  t.same(digitPixels({ width: 28, height: 28, grey }, frame), Uint8Array.from(grey));
  t.same(
    digitPixels({ width: 28, height: 28, grey: grey.map((value) => 255 - value) }, frame),
    Uint8Array.from(grey),
  );
});

t.test(
  "MNIST's own digits, drawn large on a page, come back as they were, but for the edges of pixels",
  async (t) => {
    const data = await loadData({ source: 'mnist', pixels: 'raw', train: [0, 100], validation: [100, 101] });
    const differences = Array.from({ length: 100 }, (_, row) => {
      const original = data.values.slice(784 * row, 784 * (row + 1)) as Uint8Array;
      const again = digitPixels(drawn(original, 5, 30), frame) as Uint8Array;
      return again.reduce((sum, value, at) => sum + Math.abs(value - (original[at] as number)), 0) / 784;
    });
    const mean = differences.reduce((sum, difference) => sum + difference, 0) / 100;
    t.ok(mean < 0.1, `mean difference ${mean} of 255`);
  },
);
