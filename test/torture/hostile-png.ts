/** PNG files damaged, or made up with every checksum right: refused, or seen as another program sees them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import type { GreyPicture } from '../../src/data/digit.ts';
import { digitPixels } from '../../src/data/digit.ts';
import { maxPixels, readPng } from '../../src/data/png.ts';
import { chunk, legalDepths, pngOf, sampledPng, withHeader } from '../fixtures/png.ts';
import { greyByResvg } from '../fixtures/png-by-resvg.ts';
import { answerOf, type HostileFiles, hostileFiles } from './hostile-files.ts';

type Random = () => number;

/** A file, and what is wrong with the picture that was read of it. */
interface Made {
  readonly what: string;
  readonly file: Buffer;
  /** Undefined where it may be refused or taken. */
  readonly isLegal?: boolean;
  fault(picture: GreyPicture): string | undefined;
}

export const hostile: HostileFiles = {
  unit: 'made-up pictures',
  shortRounds: 300,
  longRounds: 100_000,
  attempts: (folder, random, rounds) =>
    Array.from({ length: rounds }, (_, round) => async () => {
      const make = kinds[round % kinds.length] as (random: Random) => Made;
      const { what, file, isLegal, fault } = make(random);
      const path = join(folder, 'a.png');
      writeFileSync(path, file);
      const answer = await answerOf(what, () => readPng(path));
      if (answer.fault !== undefined) return answer.fault;
      if (isLegal !== undefined && isLegal !== (answer.value !== undefined)) {
        return `${what} was ${isLegal ? 'refused' : 'taken'}`;
      }
      if (answer.value === undefined) return undefined;
      const picture = answer.value as GreyPicture;
      const odd = picture.grey.find((value) => !(value >= 0 && value <= 255));
      if (odd !== undefined) return `${what} holds ${odd}`;
      digitPixels(picture, { rows: 28, columns: 28 });
      const found = fault(picture);
      return found === undefined ? undefined : `${what} ${found}`;
    }),
};

export const hostilePng = hostileFiles(import.meta.url, hostile);

const below = (random: Random, end: number): number => Math.floor(random() * end);
const bytes = (random: Random, length: number) =>
  Buffer.from(Array.from({ length }, () => below(random, 256)));

/** A picture of any legal type, with its palette and its transparency. */
function sound(random: Random) {
  const types = Object.entries(legalDepths).flatMap(([type, depths]) =>
    depths.map((depth) => ({ colourType: Number(type), depth })),
  );
  const type = types[below(random, types.length)] as (typeof types)[number];
  const about = { ...type, width: 1 + below(random, 20), height: 1 + below(random, 20) };
  const size = 2 ** about.depth;
  const before = about.colourType === 3 ? [chunk('PLTE', bytes(random, 3 * size))] : [];
  if (about.colourType === 3 && random() < 0.5)
    before.push(chunk('tRNS', bytes(random, 1 + below(random, size))));
  const isInterlaced = random() < 0.5;
  const file = sampledPng({ ...about, isInterlaced, before }, () => below(random, size));
  return { ...about, file, what: `a picture ${JSON.stringify({ ...about, isInterlaced })}` };
}

const differs =
  (file: Buffer) =>
  ({ width, height, grey }: GreyPicture) => {
    const furthest = greyByResvg(file, width, height).reduce(
      (most, value, at) => Math.max(most, Math.abs(value - (grey[at] as number))),
      0,
    );
    return furthest <= 2.5 ? undefined : `differs by ${furthest} from what resvg sees`;
  };

const kinds: readonly ((random: Random) => Made)[] = [
  function whole(random) {
    const { file, what } = sound(random);
    return { what, file, isLegal: true, fault: differs(file) };
  },
  function withOtherBytes(random) {
    const { file, what } = sound(random);
    const changed = Buffer.from(file);
    const at = below(random, file.length);
    changed[at] = (file[at] as number) ^ (1 + below(random, 255));
    return {
      what: `${what} with another byte at ${at}`,
      file: changed,
      // Without its transparency a picture is another, but a sound one.
      ...(file.includes('tRNS') ? {} : { isLegal: false }),
      fault: () => undefined,
    };
  },
  function cutOff(random) {
    const { file, what } = sound(random);
    const length = below(random, file.length);
    return {
      what: `${what} cut off at ${length}`,
      file: file.subarray(0, length),
      isLegal: false,
      fault: () => undefined,
    };
  },
  function ofAnyType(random) {
    const colourType = [0, 2, 3, 4, 6][below(random, 5)] as number;
    const about = { width: 9, height: 9, depth: 1 + below(random, 16), colourType };
    const file = sampledPng({ ...about, isInterlaced: random() < 0.5 }, () =>
      below(random, 2 ** about.depth),
    );
    return {
      what: `a picture of type ${colourType} with ${about.depth} bits`,
      file,
      // And a palette is missing.
      isLegal: colourType !== 3 && legalDepths[colourType]?.includes(about.depth) === true,
      fault: differs(file),
    };
  },
  function withAnotherSize(random) {
    const { file, what } = sound(random);
    const [width, height] = [Math.floor(2 ** (32 * random())), Math.floor(2 ** (32 * random()))];
    const changed = withHeader(file, (header) => {
      header.writeUInt32BE(width, 0);
      header.writeUInt32BE(height, 4);
    });
    return {
      what: `${what} as ${width} x ${height}`,
      file: changed,
      ...(width * height > maxPixels ? { isLegal: false } : {}),
      fault: () => undefined,
    };
  },
  function ofAnyRows(random) {
    const about = { width: 1 + below(random, 30), height: 1 + below(random, 30), depth: 8, colourType: 0 };
    const data = deflateSync(bytes(random, below(random, 2 * about.height * (1 + about.width))));
    const file = pngOf({ ...about, data }, []);
    return { what: 'a picture of any bytes', file, fault: () => undefined };
  },
  function thatGrows(random) {
    const [side, times] = [1 + below(random, 8_000 * random() ** 3), 1 + below(random, 3)];
    const data = deflateSync(Buffer.alloc(times * side * (1 + Math.ceil(side / 8))));
    return {
      what: `a blank picture of ${side} x ${side}`,
      file: pngOf({ width: side, height: side, depth: 1, colourType: 0, data }, []),
      isLegal: side * side <= maxPixels,
      fault: () => undefined,
    };
  },
];
