/**
 * A PNG file as grey values: any size, colour type, depth and interlacing that the format has.
 * Not here: rows and their filters (png-rows.ts); samples (png-grey.ts); finding the digit in the picture (digit.ts).
 *
 * A file is looked through before anything is inflated: what it claims must be legal, small enough, and not more than its
 * data can inflate to. Rows are turned to grey as they come, so nothing larger than the grey values is ever held.
 * No library does that: fast-png reads interlaced pictures of 1, 2 and 4 bits wrongly and takes depths that the format
 * does not have; pngjs leans on the insides of Node's zlib, and inflates interlaced pictures without a limit.
 */
import { readFileSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { crc32, createInflate } from 'node:zlib';
import { errors } from '../errors.ts';
import { maxInflation } from './data-file.ts';
import type { GreyPicture } from './digit.ts';
import { type Colour, colours, greyOfSamples } from './png-grey.ts';
import { inflatedBytes, type PngShape, pngRows } from './png-rows.ts';

/** The largest picture that is decoded; 5000 x 5000 is smaller. */
export const maxPixels = 2 ** 25;
const maxFileBytes = 2 ** 27;

type Refuse = (fault: string, cause?: unknown) => never;

/** Reads a PNG file. @throws ERR_PICTURE for anything else, for a damaged one and for one of more than maxPixels */
export async function readPng(path: string): Promise<GreyPicture> {
  const refuse: Refuse = (fault, cause) => {
    throw errors.picture(path, fault, cause);
  };
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) return refuse('is not there');
  // Before reading: a pipe would block.
  if (!file.isFile()) return refuse('is no regular file');
  if (file.size > maxFileBytes) return refuse(`has ${file.size} bytes, but at most ${maxFileBytes} are read`);
  const chunks = neededChunks(readFileSync(path), refuse);
  const header = headerOf(chunks, refuse);
  const dataOf = (type: string) => chunks.flatMap((chunk) => (chunk.type === type ? [chunk.data] : []));
  const greyAt = greyOfSamples(header.colour, header.depth, dataOf('PLTE')[0], dataOf('tRNS')[0], refuse);
  const data = dataOf('IDAT');
  if (inflatedBytes(header) > maxInflation * data.reduce((sum, { length }) => sum + length, 0)) {
    return refuse(tooShort);
  }
  const { width, height } = header;
  const grey = new Float32Array(width * height);
  const rows = pngRows(
    header,
    ({ samples, x, y, across, columns }) => {
      for (let column = 0, at = y * width + x; column < columns; column++, at += across) {
        grey[at] = greyAt(samples, column);
      }
    },
    refuse,
  );
  rows.next();
  for await (const bytes of inflated(data, refuse)) {
    if (rows.next(bytes).done === true) return { width, height, grey };
  }
  return refuse(tooShort);
}

const tooShort = 'is damaged: its data does not inflate to the size that its header gives';

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

const signature = Buffer.from('89504e470d0a1a0a', 'hex');
const needed = ['IHDR', 'PLTE', 'tRNS', 'IDAT', 'IEND'];

/** The chunks that hold pixels; colour profiles and texts, which could inflate to anything, are left out. */
function neededChunks(file: Buffer, refuse: Refuse): Chunk[] {
  if (!file.subarray(0, 8).equals(signature)) return refuse('is no PNG file');
  const chunks: Chunk[] = [];
  for (let at = 8; at + 12 <= file.length; ) {
    const end = at + 12 + file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    if (end > file.length) break;
    if (needed.includes(type)) {
      if (crc32(file.subarray(at + 4, end - 4)) !== file.readUInt32BE(end - 4)) {
        return refuse(`is damaged: the checksum of its chunk ${type} is wrong`);
      }
      chunks.push({ type, data: file.subarray(at + 8, end - 4) });
    }
    if (type === 'IEND') return chunks;
    at = end;
  }
  return refuse('is cut off');
}

interface Header extends PngShape {
  readonly depth: number;
  readonly colour: Colour;
}

/** https://www.w3.org/TR/png-3/#11IHDR */
function headerOf([first]: readonly Chunk[], refuse: Refuse): Header {
  if (first?.type !== 'IHDR' || first.data.length !== 13) return refuse('does not begin with a header');
  const [width, height] = [first.data.readUInt32BE(0), first.data.readUInt32BE(4)];
  const [depth = 0, type, compression, filter, interlace] = first.data.subarray(8);
  if (width === 0 || height === 0 || width * height > maxPixels) {
    return refuse(`is ${width} x ${height} pixels, but at least 1 x 1 and at most ${maxPixels} can be read`);
  }
  const colour = colours.find((colour) => colour.type === type && colour.depths.includes(depth));
  if (colour === undefined) {
    return refuse(`has pixels of colour type ${type} with ${depth} bits, which the format does not have`);
  }
  if (compression !== 0 || filter !== 0 || (interlace !== 0 && interlace !== 1)) {
    return refuse('is packed in a way that the format does not have');
  }
  const bitsPerPixel = colour.channels * depth;
  return { width, height, depth, colour, bitsPerPixel, isInterlaced: interlace === 1 };
}

async function* inflated(data: readonly Buffer[], refuse: Refuse): AsyncGenerator<Uint8Array> {
  const inflate = createInflate();
  // An error reaches the loop below by the stream itself.
  const source = Readable.from(data);
  source.pipe(inflate);
  try {
    yield* inflate as AsyncIterable<Uint8Array>;
  } catch (error) {
    return refuse(`is damaged: its data does not inflate (${(error as Error).message})`, error);
  } finally {
    source.destroy();
    inflate.destroy();
  }
}
