import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import t, { type Test } from 'tap';
import { digitPixels } from '../../src/data/digit.ts';
import { maxPixels, readPng } from '../../src/data/png.ts';
import { chunk, greyPng, legalDepths, pngOf, sampledPng } from '../fixtures/png.ts';
import { greyByResvg } from '../fixtures/png-by-resvg.ts';
import { growsAsItsInput, peakMemory } from '../growth.ts';
import { root } from '../source.ts';

function read(t: Test, file: Uint8Array) {
  const path = `${t.testdirName}/picture.png`;
  writeFileSync(path, file);
  return readPng(path);
}

t.test('every colour type, depth and interlacing is read as another program reads it', async (t) => {
  t.testdir();
  for (const [colourType, depths] of Object.entries(legalDepths)) {
    for (const depth of depths) {
      for (const [width, height] of [
        [1, 1],
        [5, 3],
        [3, 9],
        [17, 11],
      ] as const) {
        for (const isInterlaced of [false, true]) {
          const size = 2 ** depth;
          const palette = Buffer.from(Array.from({ length: 3 * size }, (_, at) => (at * 89 + 31) % 256));
          const about = { width, height, depth, colourType: Number(colourType), isInterlaced };
          const before = colourType === '3' ? [chunk('PLTE', palette)] : [];
          const file = sampledPng(
            { ...about, before },
            (x, y, channel) => (x * x * 7 + y * 13 + channel * 91) % size,
          );
          const { grey, ...shape } = await read(t, file);
          t.same(shape, { width, height });
          const expected = greyByResvg(file, width, height);
          const furthest = Math.max(...expected.map((value, at) => Math.abs(value - (grey[at] as number))));
          // resvg keeps 8 bits of a colour, and multiplies them by its alpha.
          t.ok(furthest <= 2, `${JSON.stringify(about)}: ${furthest}`);
        }
      }
    }
  }
});

t.test('a colour that stands for transparent shows white paper', async (t) => {
  t.testdir();
  for (const [colourType, clear, expected] of [
    [0, [0, 7], [255, 8]],
    [2, [0, 7, 0, 7, 0, 7], [255, 8]],
  ] as const) {
    const about = { width: 2, height: 1, depth: 8, colourType, isInterlaced: false };
    const before = [chunk('tRNS', Uint8Array.from(clear))];
    const { grey } = await read(
      t,
      sampledPng({ ...about, before }, (x) => 7 + x),
    );
    t.same([...grey].map(Math.round), expected);
  }
});

t.test('a colour type with a depth that the format does not have is refused', async (t) => {
  t.testdir();
  for (let colourType = 0; colourType < 8; colourType++) {
    for (const depth of [0, 1, 2, 3, 4, 8, 16, 32]) {
      if (legalDepths[colourType]?.includes(depth)) continue;
      const file = pngOf({ width: 4, height: 4, depth, colourType }, new Array(4).fill(Buffer.alloc(16)));
      await t.rejects(read(t, file), {
        code: 'ERR_PICTURE',
        message: `has pixels of colour type ${colourType} with ${depth} bits, which the format does not have`,
      });
    }
  }
});

t.test('a palette that is missing, cut off or too short for its picture is refused', async (t) => {
  t.testdir();
  const about = { width: 2, height: 1, depth: 8, colourType: 3 };
  for (const [before, message] of [
    [[], /has no palette/],
    [[chunk('PLTE', Buffer.alloc(4))], /or a part of one/],
    [[chunk('PLTE', Buffer.alloc(3))], /uses colour 1 of a palette of 1/],
  ] as const) {
    await t.rejects(read(t, pngOf({ ...about, before }, [Uint8Array.of(0, 1)])), {
      code: 'ERR_PICTURE',
      message,
    });
  }
});

t.test('the time to read a picture and find its digit grows as its pixels', async (t) => {
  t.testdir();
  const path = `${t.testdirName}/large.png`;
  const frame = { rows: 28, columns: 28 };
  for (const [what, width, height] of [
    ['pixels', 400, (size: number) => size],
    ['rows of one pixel', 1, (size: number) => 400 * size],
    ['one row', 400, () => 1],
  ] as const) {
    await growsAsItsInput(
      t,
      what,
      400,
      (size) => greyPng(height(size) === 1 ? width * size : width, height(size), { length: 0 }),
      async (file) => {
        writeFileSync(path, file);
        digitPixels(await readPng(path), frame);
      },
    );
  }
});

t.test('a small file of a large picture takes the memory of its grey values, a few times', async (t) => {
  t.testdir();
  const path = `${t.testdirName}/large.png`;
  const peakFor = (side: number) => {
    const about = {
      width: side,
      height: side,
      depth: 16,
      colourType: 6,
      data: ofZeros(side * (1 + 8 * side)),
    };
    writeFileSync(path, pngOf(about, []));
    return peakMemory(`
      import { readPng } from '${root}/src/data/png.ts';
      import { digitPixels } from '${root}/src/data/digit.ts';
      const picture = await readPng(${JSON.stringify(path)});
      // Ink in two corners: nothing can be cropped.
      picture.grey[0] = 0;
      picture.grey[picture.grey.length - 1] = 0;
      digitPixels(picture, { rows: 28, columns: 28 });`);
  };
  const mebibytes = (pixels: number) => (4 * pixels) / 2 ** 20;
  const [small, large] = [peakFor(1_000), peakFor(4_000)];
  t.ok(large - small < 4 * mebibytes(15_000_000), `${Math.round(small)} and ${Math.round(large)} MiB`);
});

/** Zeros, compressed, without holding them. */
function ofZeros(bytes: number): Buffer {
  return deflateSync(Buffer.alloc(bytes));
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
    const { width, height, grey } = await read(t, file);
    t.same([width, height], [2, 1], name);
    const furthest = Math.max(...expected.map((value, at) => Math.abs(value - (grey[at] as number))));
    t.ok(furthest < 1e-3, `${name}: ${[...grey]}`);
  }
});

t.test('rows of one bit begin with a new byte', async (t) => {
  t.testdir();
  const rows = [Uint8Array.of(0b1010_0000), Uint8Array.of(0b0100_0000)];
  const { grey } = await read(t, pngOf({ width: 3, height: 2, depth: 1, colourType: 0 }, rows));
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
  t.same([...(await read(t, interlaced)).grey], [10, 11, 12, 13, 14, 15, 16, 17, 18]);
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
    [pngOf({ ...header(4, 4), data: Buffer.from('no zlib data') }, []), /does not inflate/],
    [pngOf({ ...header(4, 4), data: deflateSync(Buffer.alloc(3)) }, []), /is damaged/],
    [pngOf({ width: 4, height: 4, depth: 3, colourType: 5 }, [Buffer.alloc(4)]), /colour type 5 with 3 bits/],
    [damaged, /is damaged/],
  ] as const) {
    await t.rejects(read(t, file), { code: 'ERR_PICTURE', exitCode: 65, message }, String(message));
  }
  t.ok(maxPixels < 100_000_000);
  await t.rejects(readPng(`${t.testdirName}/none.png`), { code: 'ERR_PICTURE', message: /is not there/ });
  await t.rejects(readPng(t.testdirName), { code: 'ERR_PICTURE', message: /no regular file/ });
  if (process.platform !== 'win32') {
    execFileSync('mkfifo', [`${t.testdirName}/pipe`]);
    await t.rejects(readPng(`${t.testdirName}/pipe`), { code: 'ERR_PICTURE', message: /no regular file/ });
  }
});

t.test('data that goes on behind the last row is left as it is', async (t) => {
  t.testdir();
  const data = deflateSync(Buffer.alloc(50_000_000));
  const { grey } = await read(t, pngOf({ width: 2, height: 2, depth: 8, colourType: 0, data }, []));
  t.same([...grey], [0, 0, 0, 0]);
});

t.test('a text that would inflate to anything is passed over', async (t) => {
  t.testdir();
  const bomb = Buffer.concat([Buffer.from('icc\0\0'), deflateSync(Buffer.alloc(10_000_000))]);
  const file = pngOf({ width: 1, height: 1, depth: 8, colourType: 0, before: [chunk('iCCP', bomb)] }, [
    Uint8Array.of(9),
  ]);
  t.same([...(await read(t, file)).grey], [9]);
});
