import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { maxPixels, readPng } from '../../src/data/png.ts';
import { chunk, greyPng, pngOf } from '../fixtures/png.ts';

function read(t: Test, file: Uint8Array) {
  const path = `${t.testdirName}/picture.png`;
  writeFileSync(path, file);
  return readPng(path);
}

t.test('every colour type and depth gives its grey values', async (t) => {
  t.testdir();
  const bytes = (...values: number[]) => Uint8Array.from(values);
  const two = { width: 2, height: 1 };
  const palette = chunk('PLTE', bytes(255, 255, 255, 0, 0, 0, 255, 0, 0));
  const transparent = chunk('tRNS', bytes(0));
  for (const [name, file, expected] of [
    ['grey, 1 bit', pngOf({ ...two, depth: 1, colourType: 0 }, [bytes(0b0100_0000)]), [0, 255]],
    ['grey, 2 bits', pngOf({ ...two, depth: 2, colourType: 0 }, [bytes(0b0110_0000)]), [85, 170]],
    ['grey, 4 bits', pngOf({ ...two, depth: 4, colourType: 0 }, [bytes(0x3c)]), [51, 204]],
    ['grey, 8 bits', pngOf({ ...two, depth: 8, colourType: 0 }, [bytes(7, 250)]), [7, 250]],
    ['grey, 16 bits', pngOf({ ...two, depth: 16, colourType: 0 }, [bytes(0, 0, 255, 255)]), [0, 255]],
    ['colours', pngOf({ ...two, depth: 8, colourType: 2 }, [bytes(255, 0, 0, 0, 255, 0)]), [76.245, 149.685]],
    [
      'a palette',
      pngOf({ ...two, depth: 8, colourType: 3, before: [palette] }, [bytes(2, 0)]),
      [76.245, 255],
    ],
    [
      'a palette, 2 bits',
      pngOf({ ...two, depth: 2, colourType: 3, before: [palette] }, [bytes(0b0100_0000)]),
      [0, 255],
    ],
    ['ink and alpha', pngOf({ ...two, depth: 8, colourType: 4 }, [bytes(0, 255, 0, 0)]), [0, 255]],
    [
      'colours and alpha',
      pngOf({ ...two, depth: 8, colourType: 6 }, [bytes(0, 0, 0, 51, 9, 9, 9, 255)]),
      [204, 9],
    ],
    [
      'a palette that is transparent',
      pngOf(
        { ...two, depth: 8, colourType: 3, before: [chunk('PLTE', bytes(0, 0, 0, 0, 0, 0)), transparent] },
        [bytes(0, 1)],
      ),
      [255, 0],
    ],
  ] as const) {
    const { width, height, grey } = read(t, file);
    t.same([width, height], [2, 1], name);
    const furthest = Math.max(...expected.map((value, at) => Math.abs(value - (grey[at] as number))));
    t.ok(furthest < 1e-3, `${name}: ${[...grey]}`);
  }
});

t.test('rows of one bit begin with a new byte', async (t) => {
  t.testdir();
  const rows = [Uint8Array.of(0b1010_0000), Uint8Array.of(0b0100_0000)];
  const { grey } = read(t, pngOf({ width: 3, height: 2, depth: 1, colourType: 0 }, rows));
  t.same([...grey], [255, 0, 255, 0, 255, 0]);
});

t.test('an interlaced picture of another program is read', async (t) => {
  // Written by ImageMagick: convert -size 3x3 gradient: -interlace PNG; grey, 8 bits, Adam7.
  t.testdir();
  const passes = [[10], [], [], [12], [16, 18], [11, 17], [13, 14, 15]];
  const rows = [[10], [12], [16, 18], [11], [17], [13, 14, 15]];
  t.equal(passes.flat().length, 9);
  const data = deflateSync(Buffer.from(rows.flatMap((row) => [0, ...row])));
  const file = pngOf({ width: 3, height: 3, depth: 8, colourType: 0, data }, []);
  const header = Buffer.from(file.subarray(16, 29));
  header[12] = 1;
  const interlaced = Buffer.concat([file.subarray(0, 8), chunk('IHDR', header), file.subarray(33)]);
  t.same([...read(t, interlaced).grey], [10, 11, 12, 13, 14, 15, 16, 17, 18]);
});

t.test('what is no picture, damaged or too large is refused before it is decoded', async (t) => {
  t.testdir();
  const whole = greyPng(4, 4, new Uint8Array(16));
  const header = (width: number, height: number) => ({ width, height, depth: 8, colourType: 0 });
  const damaged = Buffer.from(whole);
  damaged[30] = 5;
  for (const [file, message] of [
    [Buffer.from('GIF89a'), /is no PNG file/],
    [Buffer.alloc(0), /is no PNG file/],
    [whole.subarray(0, -13), /is cut off/],
    [whole.subarray(0, 8), /is cut off/],
    [Buffer.concat([whole.subarray(0, 8), chunk('IEND', Buffer.alloc(0))]), /does not begin with a header/],
    [
      pngOf({ ...header(10_000, 10_000), data: Buffer.alloc(1) }, []),
      /10000 x 10000 pixels.*at most 33554432/,
    ],
    [pngOf({ ...header(2 ** 31, 2 ** 31), data: Buffer.alloc(1) }, []), /pixels/],
    [pngOf({ ...header(0, 5), data: Buffer.alloc(1) }, []), /0 x 5 pixels/],
    [
      pngOf({ ...header(4, 4), data: deflateSync(Buffer.alloc(50_000_000)) }, []),
      /does not inflate to the size/,
    ],
    [pngOf({ ...header(4, 4), data: Buffer.from('no zlib data') }, []), /does not inflate/],
    [pngOf({ ...header(4, 4), data: deflateSync(Buffer.alloc(3)) }, []), /is damaged/],
    [
      pngOf({ width: 4, height: 4, depth: 3, colourType: 5 }, [Buffer.alloc(4)]),
      /is damaged|does not inflate/,
    ],
    [damaged, /is damaged/],
  ] as const) {
    t.throws(() => read(t, file), { code: 'ERR_PICTURE', exitCode: 65, message }, String(message));
  }
  t.ok(maxPixels < 100_000_000);
  t.throws(() => readPng(`${t.testdirName}/none.png`), { code: 'ERR_PICTURE', message: /is not there/ });
  t.throws(() => readPng(t.testdirName), { code: 'ERR_PICTURE', message: /no regular file/ });
  if (process.platform !== 'win32') {
    execFileSync('mkfifo', [`${t.testdirName}/pipe`]);
    t.throws(() => readPng(`${t.testdirName}/pipe`), { code: 'ERR_PICTURE', message: /no regular file/ });
  }
});

t.test('a text that would inflate to anything is passed over', async (t) => {
  t.testdir();
  const bomb = Buffer.concat([Buffer.from('icc\0\0'), deflateSync(Buffer.alloc(10_000_000))]);
  const file = pngOf({ width: 1, height: 1, depth: 8, colourType: 0, before: [chunk('iCCP', bomb)] }, [
    Uint8Array.of(9),
  ]);
  t.same([...read(t, file).grey], [9]);
});
