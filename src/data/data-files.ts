/**
 * Where the four files of a data set are: pictures and labels, to train on and to test on.
 * Not here: what is in them.
 */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { errors } from '../errors.ts';
import type { IdxKind } from './idx.ts';

/** What a file must hold that everybody has the same of. */
export interface KnownFile {
  /**
   * CRC-32 of each `partRows` rows, without the header: only parts that hold rows in use are read and checked. It finds what
   * has been damaged; what a run was trained on, its record says by SHA-256.
   */
  readonly crcs: readonly number[];
  readonly partRows: number;
  /** Pixels of a picture, 1 x 1 of a label: the header is in no part. */
  readonly rows: number;
  readonly columns: number;
  /** By this people know it, in hex. */
  readonly md5: string;
}

/** One file, and what it must hold, if that is known. */
export interface ExpectedFile {
  readonly path: string;
  readonly known?: KnownFile;
}

/** Pictures and their labels. */
export type FilePair = { readonly [kind in IdxKind]: ExpectedFile };

export interface DataFiles {
  readonly train: FilePair;
  /** Undefined where no test rows are wanted. */
  readonly test: FilePair | undefined;
}

type Part = keyof DataFiles;

interface Candidate {
  readonly name: string;
  /** What stands before the name that MNIST gave the file; EMNIST has "emnist-letters-". */
  readonly prefix: string;
  readonly part: Part;
  readonly kind: IdxKind;
}

// train-images-idx3-ubyte (MNIST), train-images.idx3-ubyte, emnist-letters-test-labels-idx1-ubyte.gz (EMNIST)
const filePattern = /^(|.+-)(train|t10k|test)-(images(?=.idx3)|labels(?=.idx1))[-.]idx[13]-ubyte(?:\.gz)?$/;

/** The IDX files of a folder, named as MNIST, Fashion-MNIST, KMNIST or EMNIST name them; plain files go before .gz. */
export async function idxFiles(folder: string, withTest: boolean): Promise<DataFiles> {
  const names = await namesIn(folder);
  const candidates = names
    .filter((name) => !(name.endsWith('.gz') && names.includes(name.slice(0, -'.gz'.length))))
    .flatMap((name) => candidateOf(name) ?? [])
    .filter(({ part }) => part === 'train' || withTest);
  if (new Set(candidates.map(({ prefix }) => prefix)).size > 1) throw ambiguous(folder, candidates);

  const pair = (part: Part): FilePair => ({
    images: theOnly(folder, candidates, part, 'images'),
    labels: theOnly(folder, candidates, part, 'labels'),
  });
  return { train: pair('train'), test: withTest ? pair('test') : undefined };
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') throw errors.missingDataFolder(folder);
    throw errors.unreadableData(folder, cause);
  }
}

function candidateOf(name: string): Candidate | undefined {
  const match = filePattern.exec(name);
  if (match === null) return undefined;
  const [, prefix, part, kind] = match as unknown as [string, string, string, IdxKind];
  return { name, prefix, part: part === 'train' ? 'train' : 'test', kind };
}

function theOnly(folder: string, candidates: readonly Candidate[], part: Part, kind: IdxKind): ExpectedFile {
  const fitting = candidates.filter((candidate) => candidate.part === part && candidate.kind === kind);
  const [first, second] = fitting;
  if (second !== undefined) throw ambiguous(folder, fitting);
  if (first !== undefined) return { path: join(folder, first.name) };
  const name = `${part === 'train' ? 'train' : 't10k'}-${kind}-idx${kind === 'images' ? 3 : 1}-ubyte`;
  throw errors.missingData(join(folder, name));
}

const ambiguous = (folder: string, candidates: readonly Candidate[]) =>
  errors.ambiguousData(
    folder,
    candidates.map(({ name }) => name),
  );
