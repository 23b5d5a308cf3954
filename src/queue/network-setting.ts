/**
 * What another machine must know of a run in order to train its networks: the definition, the rows and what they start from.
 * It is all data: the definition is checked as any file would be, and one that names code is refused.
 */
import * as z from 'zod';
import type { LoadedData } from '../data/dataset.ts';
import { recordedDefinition } from '../experiment/recorded.ts';
import type { NetworkExperiment } from '../experiment/schema.ts';
import { weightsBytes } from '../train/weights-hash.ts';
import { type Parcel, parcelSchema } from './messages.ts';
import { pack, unpack } from './packing.ts';
import { packData, unpackData } from './travelling-data.ts';

export interface NetworkSetting {
  readonly experiment: NetworkExperiment;
  readonly data: LoadedData;
  /** What every trial of the search starts from, where that is not drawn. */
  readonly start: Float32Array | undefined;
}

const head = z.strictObject({ definition: z.string().max(1_000_000), data: parcelSchema });

/** @param put leaves the rows, which other runs may share */
export async function packSetting(
  { experiment, data, start }: NetworkSetting,
  put: (bytes: Uint8Array) => Promise<Parcel>,
): Promise<Uint8Array> {
  const parcel = await put(packData(data));
  const parts = start === undefined ? [] : [weightsBytes(start)];
  return pack({ definition: JSON.stringify(experiment), data: parcel }, parts);
}

/** @throws Error where it is none */
export async function unpackSetting(
  bytes: Uint8Array,
  get: (parcel: Parcel) => Promise<Uint8Array>,
): Promise<NetworkSetting> {
  const unpacked = unpack(bytes);
  const read = head.safeParse(unpacked?.head);
  if (!read.success) throw new Error('What the run says of itself has another form.');
  const experiment = recordedDefinition({ id: 0, definition: read.data.definition });
  if (experiment === undefined || experiment.objective !== undefined)
    throw new Error('The definition of the run is not that of a network.');
  const data = unpackData(await get(read.data.data));
  if (data === undefined) throw new Error('The rows of the run cannot be read.');
  const [start] = unpacked?.parts ?? [];
  return { experiment, data, start: start && new Float32Array(start.buffer as ArrayBuffer) };
}
