/**
 * Rows of an IDX file, part by part: each is checked where its checksum is known, and seen while later ones are still read.
 * Not here: which rows are wanted, and what is checked of labels.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { errors } from '../errors.ts';
import type { KnownFile } from './data-files.ts';
import type { IdxFile, IdxPiece } from './idx.ts';

/** Of what is read at a time where nothing else says how much. */
const partBytes = 1 << 20;

/**
 * Fills the pieces' targets and yields them in order, each in parts that follow one another. All of them are asked for at
 * once, before anyone waits for one: Node's own threads read while this one looks at what is there. A known file, which is
 * never packed, is read in whole parts.
 * @throws ERR_DATA_CHECKSUM where a part in use is not what the file is known for
 */
export function checkedRows(
  idx: IdxFile,
  pieces: readonly IdxPiece[],
  known: KnownFile | undefined,
): AsyncGenerator<Uint8Array> {
  const partRows = known?.partRows ?? Math.ceil(partBytes / idx.inputs);
  const parts = pieces.flatMap((piece) => partsOf(piece, partRows, idx.inputs));
  if (idx.compressed) {
    // Nothing would be checked below, and each part would inflate the whole file for itself.
    if (known !== undefined) throw new Error('A packed file is not known by its checksums.');
    return unpackedRows(idx, pieces, parts);
  }
  const isOther = known !== undefined && !hasShapeOf(idx, known);
  const reads = parts.map((part) => ({
    rows: part.target,
    isSound: isOther ? Promise.resolve(false) : readPart(idx, part, known),
  }));
  // Stopping at the first fault would leave the other reads unfinished.
  for (const { isSound } of reads) isSound.catch(() => {});
  return soundRows(idx, reads, known);
}

async function* unpackedRows(
  idx: IdxFile,
  pieces: readonly IdxPiece[],
  parts: readonly IdxPiece[],
): AsyncGenerator<Uint8Array> {
  await idx.read(pieces);
  for (const { target } of parts) yield target;
}

async function* soundRows(
  idx: IdxFile,
  reads: readonly { readonly rows: Uint8Array; readonly isSound: Promise<boolean> }[],
  known: KnownFile | undefined,
): AsyncGenerator<Uint8Array> {
  for (const { rows, isSound } of reads) {
    if (!(await isSound) && known !== undefined) throw await notMnist(idx, known);
    yield rows;
  }
}

const hasShapeOf = (idx: IdxFile, { crcs, partRows, rows, columns }: KnownFile): boolean =>
  idx.count === crcs.length * partRows && idx.rows === rows && idx.columns === columns;

/** A piece cut where parts of the file meet. */
function partsOf({ from, to, target }: IdxPiece, partRows: number, inputs: number): IdxPiece[] {
  const parts: IdxPiece[] = [];
  for (let start = from, end = from; start < to; start = end) {
    end = Math.min(to, (Math.floor(start / partRows) + 1) * partRows);
    const rows = target.subarray((start - from) * inputs, (end - from) * inputs);
    parts.push({ from: start, to: end, target: rows });
  }
  return parts;
}

/** @returns whether the part has the checksum of the known file, where there is one; a part that is not wanted whole is read whole for it */
async function readPart(idx: IdxFile, piece: IdxPiece, known: KnownFile | undefined): Promise<boolean> {
  const { from, to, target } = piece;
  if (known === undefined) {
    await idx.read([piece]);
    return true;
  }
  const { partRows, crcs } = known;
  const part = Math.floor(from / partRows);
  const start = part * partRows;
  const isWhole = to - from === partRows;
  const rows = isWhole ? target : new Uint8Array(partRows * idx.inputs);
  await idx.read([{ from: start, to: start + partRows, target: rows }]);
  if (!isWhole) target.set(rows.subarray((from - start) * idx.inputs, (to - start) * idx.inputs));
  return crc32(rows) === crcs[part];
}

async function notMnist(idx: IdxFile, { md5 }: KnownFile): Promise<Error> {
  const hash = createHash('md5');
  await idx.hash(hash);
  return errors.notMnist(idx.path, hash.digest('hex'), md5);
}
