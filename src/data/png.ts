/**
 * A PNG file as grey values: any size, colour type, depth and interlacing that the format has.
 * Not here: finding the digit in it (digit.ts).
 *
 * A file is looked through before it is decoded: what it claims, and what its data inflates to, must be small enough, and
 * only the chunks that pixels need reach the decoder.
 */
import { readFileSync, statSync } from 'node:fs';
import { inflateSync } from 'node:zlib';
import { convertIndexedToRgb, type DecodedPng, decode } from 'fast-png';
import { errors } from '../errors.ts';
import type { GreyPicture } from './digit.ts';

/** The largest picture that is decoded; 5000 x 5000 is smaller. */
export const maxPixels = 2 ** 25;
const maxFileBytes = 2 ** 27;

type Refuse = (fault: string, cause?: unknown) => never;

/** Reads a PNG file. @throws ERR_PICTURE for anything else, for a damaged one and for one of more than maxPixels */
export function readPng(path: string): GreyPicture {
  const refuse: Refuse = (fault, cause) => {
    throw errors.picture(path, fault, cause);
  };
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined) return refuse('is not there');
  // Before reading: a pipe would block.
  if (!file.isFile()) return refuse('is no regular file');
  if (file.size > maxFileBytes) return refuse(`has ${file.size} bytes, but at most ${maxFileBytes} are read`);
  const chunks = neededChunks(readFileSync(path), refuse);
  refuseTooLarge(chunks, refuse);
  try {
    return greyOf(
      decode(Buffer.concat([signature, ...chunks.map(({ whole }) => whole)]), { checkCrc: true }),
    );
  } catch (error) {
    return refuse(`is damaged (${error instanceof Error ? error.message : error})`, error);
  }
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
  /** With its length, type and checksum. */
  readonly whole: Buffer;
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
    const whole = file.subarray(at, end);
    if (needed.includes(type)) chunks.push({ type, data: whole.subarray(8, -4), whole });
    if (type === 'IEND') return chunks;
    at = end;
  }
  return refuse('is cut off');
}

/** https://www.w3.org/TR/png-3/#11IHDR */
function refuseTooLarge(chunks: readonly Chunk[], refuse: Refuse): void {
  const [header] = chunks;
  if (header?.type !== 'IHDR' || header.data.length !== 13) return refuse('does not begin with a header');
  const [width, height] = [header.data.readUInt32BE(0), header.data.readUInt32BE(4)];
  if (width === 0 || height === 0 || width * height > maxPixels) {
    return refuse(`is ${width} x ${height} pixels, but at least 1 x 1 and at most ${maxPixels} can be read`);
  }
  const samples = [1, 0, 3, 1, 2, 0, 4][header.data.readUInt8(9)] ?? 0;
  const bits = samples * header.data.readUInt8(8);
  // Each row begins with a byte for its filter; interlaced, a picture has up to twice the rows.
  const most = 2 * height * (1 + Math.ceil((width * bits) / 8)) + 64;
  const data = Buffer.concat(chunks.flatMap(({ type, data }) => (type === 'IDAT' ? [data] : [])));
  try {
    inflateSync(data, { maxOutputLength: most });
  } catch (error) {
    return refuse('is damaged: its data does not inflate to the size its header gives', error);
  }
}

/** Luma after Rec. 601; what is transparent shows white paper. */
function greyOf(png: DecodedPng): GreyPicture {
  const { width, height } = png;
  const data = png.palette ? convertIndexedToRgb(png) : unpacked(png);
  const channels = png.palette ? data.length / (width * height) : png.channels;
  const white = png.palette ? 255 : 2 ** png.depth - 1;
  const hasAlpha = channels === 2 || channels === 4;
  const grey = new Float32Array(width * height);
  for (let pixel = 0; pixel < grey.length; pixel++) {
    const sample = (channel: number) => data[pixel * channels + channel] as number;
    const luma = channels < 3 ? sample(0) : 0.299 * sample(0) + 0.587 * sample(1) + 0.114 * sample(2);
    const alpha = hasAlpha ? sample(channels - 1) / white : 1;
    grey[pixel] = 255 * (1 + alpha * (luma / white - 1));
  }
  return { width, height, grey };
}

/** A sample an element: below 8 bits, several stand in a byte, and each row begins with a new one. */
function unpacked({ width, height, depth, channels, data }: DecodedPng): ArrayLike<number> {
  if (depth >= 8) return data;
  const rowBytes = Math.ceil((width * channels * depth) / 8);
  return Uint8Array.from({ length: width * height }, (_, pixel) => {
    const bit = (pixel % width) * depth;
    const byte = data[Math.floor(pixel / width) * rowBytes + (bit >> 3)] as number;
    return (byte >> (8 - depth - (bit & 7))) & (2 ** depth - 1);
  });
}
