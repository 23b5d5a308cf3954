/**
 * One IDX file, the format of MNIST: a big-endian header, then one byte a pixel or a label.
 * Not here: which file is which, and what its rows are used for.
 */
import type { Hash } from 'node:crypto';
import { errors } from '../errors.ts';
import type { RowRange } from '../train/model.ts';
import { type Chunk, DataFile, maxInflation } from './data-file.ts';

const formats = {
  images: { magic: 0x00000803, headerBytes: 16 },
  labels: { magic: 0x00000801, headerBytes: 8 },
} as const;

export type IdxKind = keyof typeof formats;

/** The header: `count` pictures of rows x columns pixels, or `count` labels of 1 x 1. */
interface IdxHeader {
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
}

/** A limit of ours: 256 x 256 pixels, less one. Above maxSparseInputs (kernels.ts) blank pixels take memory too. */
const maxInputs = 65_535;

/** Pictures or labels from `from` to `to` (not included) and where they go: (to - from) x inputs bytes. */
export interface IdxPiece {
  readonly from: number;
  readonly to: number;
  readonly target: Uint8Array;
}

export class IdxFile implements IdxHeader {
  readonly path: string;
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** Bytes of one picture or label. */
  readonly inputs: number;
  readonly #headerBytes: number;
  /** Bytes of the whole (inflated) file as its header promises them. */
  readonly #size: number;
  readonly #file: DataFile;

  private constructor(file: DataFile, kind: IdxKind, header: IdxHeader) {
    this.path = file.path;
    this.count = header.count;
    this.rows = header.rows;
    this.columns = header.columns;
    this.inputs = header.rows * header.columns;
    this.#headerBytes = formats[kind].headerBytes;
    // Exact: at most 2^32 rows of 65,535 bytes.
    this.#size = this.#headerBytes + this.count * this.inputs;
    this.#file = file;
  }

  /** Opens a file whose header is sound and fits the file's size; the caller closes it. */
  static async open(path: string, kind: IdxKind): Promise<IdxFile> {
    const file = await DataFile.open(path);
    try {
      const idx = new IdxFile(file, kind, await readHeader(file, kind));
      idx.#checkSizeOnDisk();
      return idx;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** Whether a read goes through the whole file, whatever it is for. */
  get compressed(): boolean {
    return this.#file.compressed;
  }

  /** Fills the pieces' targets, reading no more of a plain file than they need. A compressed file is always read whole. */
  async read(pieces: readonly IdxPiece[]): Promise<void> {
    if (!this.compressed) {
      for (const piece of pieces) {
        const { from, to } = this.#bytesOf(piece);
        const end = from + (await this.#file.fill(piece.target, from));
        if (end < to) throw errors.dataCutOff(this.path, end, this.#size);
      }
      return;
    }
    await this.#readWhole(({ at, bytes }) => {
      for (const piece of pieces) copyOverlap(bytes, at, piece.target, this.#bytesOf(piece).from);
    });
  }

  /** Shows a hash every byte of the (inflated) file. */
  async hash(hash: Hash): Promise<void> {
    await this.#readWhole(({ bytes }) => hash.update(bytes));
  }

  async #readWhole(see: (chunk: Chunk) => void): Promise<void> {
    let end = 0;
    for await (const chunk of this.#file.read(Number.POSITIVE_INFINITY)) {
      end = chunk.at + chunk.bytes.length;
      if (end > this.#size) throw errors.dataTooLong(this.path, this.#size);
      see(chunk);
    }
    if (end < this.#size) throw errors.dataCutOff(this.path, end, this.#size);
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #bytesOf({ from, to }: RowRange): RowRange {
    return { from: this.#headerBytes + from * this.inputs, to: this.#headerBytes + to * this.inputs };
  }

  #checkSizeOnDisk(): void {
    const { bytes, compressed } = this.#file;
    if (compressed ? this.#size > bytes * maxInflation : this.#size > bytes) {
      throw errors.dataCutOff(this.path, bytes, this.#size);
    }
    if (!compressed && this.#size < bytes) throw errors.dataTooLong(this.path, this.#size, bytes);
  }
}

async function readHeader(file: DataFile, kind: IdxKind): Promise<IdxHeader> {
  const { magic, headerBytes } = formats[kind];
  const bytes = new Uint8Array(headerBytes);
  let end = 0;
  for await (const chunk of file.read(headerBytes)) {
    copyOverlap(chunk.bytes, chunk.at, bytes, 0);
    end = chunk.at + chunk.bytes.length;
  }
  const header = new DataView(bytes.buffer);
  const found = header.getUint32(0);
  if (end >= 4 && found !== magic) throw wrongMagic(file.path, kind, found);
  if (end < headerBytes) throw errors.dataCutOff(file.path, end, headerBytes);

  const count = header.getUint32(4);
  const [rows, columns] = kind === 'images' ? [header.getUint32(8), header.getUint32(12)] : [1, 1];
  if (count === 0 || rows === 0 || columns === 0) throw errors.emptyData(file.path, count, rows, columns);
  if (rows * columns > maxInputs) throw errors.tooManyInputs(file.path, rows, columns, maxInputs);
  return { count, rows, columns };
}

function wrongMagic(path: string, kind: IdxKind, found: number): Error {
  const other = kind === 'images' ? 'labels' : 'images';
  return found === formats[other].magic
    ? errors.swappedData(path, other, kind)
    : errors.notIdx(path, kind, found, formats[kind].magic);
}

/** Copies what a chunk that starts at `at` shares with the bytes `target` stands for, which start at `from`. */
function copyOverlap(bytes: Uint8Array, at: number, target: Uint8Array, from: number): void {
  const start = Math.max(at, from);
  const end = Math.min(at + bytes.length, from + target.length);
  if (start < end) target.set(bytes.subarray(start - at, end - at), start - from);
}
