/** Small grey pictures as PNG files: ink of any strength on paper that shows through. */
import { crc32, deflateSync } from 'node:zlib';

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/** @param strength how much ink a pixel has, uint8 (rows x columns) */
export function inkPng(strength: Uint8Array, rows: number, columns: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(columns, 0);
  header.writeUInt32BE(rows, 4);
  // Eight bits a sample, grey with alpha.
  header.set([8, 4, 0, 0, 0], 8);
  const lines = Buffer.alloc(rows * (1 + 2 * columns));
  for (let row = 0, at = 0; row < rows; row++) {
    // The line's filter (none), then grey 0 and alpha for each pixel.
    at++;
    for (let column = 0; column < columns; column++, at += 2) {
      lines[at + 1] = strength[row * columns + column] as number;
    }
  }
  const chunks = [
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(lines, { level: 9 })),
    pngChunk('IEND', Buffer.alloc(0)),
  ];
  return Buffer.concat([signature, ...chunks]);
}

/** A named piece of a PNG file, with its length and checksum. */
export function pngChunk(name: string, data: Uint8Array): Buffer {
  const named = Buffer.concat([Buffer.from(name, 'latin1'), data]);
  const bytes = Buffer.alloc(named.length + 8);
  bytes.writeUInt32BE(data.length, 0);
  bytes.set(named, 4);
  bytes.writeUInt32BE(crc32(named), named.length + 4);
  return bytes;
}
