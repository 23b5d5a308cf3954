import { hash } from 'node:crypto';
import t from 'tap';
import type { LoadedData } from '../../src/data/dataset.ts';
import { checkDefinition } from '../../src/experiment/check.ts';
import { networkOf } from '../../src/experiment/network.ts';
import type { Parcel } from '../../src/queue/messages.ts';
import { packSetting, unpackSetting } from '../../src/queue/network-setting.ts';
import { pack } from '../../src/queue/packing.ts';
import { packData, unpackData } from '../../src/queue/travelling-data.ts';

const data: LoadedData = {
  ...{ inputs: 2, classes: 2, hash: 'ab', entries: 6, density: 1 },
  encoding: { kind: 'pictures', rows: 1, columns: 2, pixels: 'raw' },
  ...{ values: Float32Array.from([1, 2, 3, 4, 5, 6]), labels: Uint8Array.from([0, 1, 1]) },
  ...{ training: { from: 0, to: 1 }, validation: { from: 1, to: 2 }, test: { from: 2, to: 3 } },
  folds: [{ training: { from: 0, to: 2 }, validation: { from: 2, to: 3 } }],
};

const experiment = networkOf(
  checkDefinition(
    {
      ...{ name: 'small', data: { source: 'mnist', train: [0, 100], validation: [100, 200] } },
      ...{
        model: { hidden: [20] },
        training: { epochs: 2 },
        space: { learningRate: [0.1], batchSize: [10] },
      },
    },
    'The definition',
  ),
  'this test trains',
);

/** A server for one. */
function shelf() {
  const bytesOf = new Map<string, Uint8Array>();
  return {
    async put(bytes: Uint8Array): Promise<Parcel> {
      const sha256 = hash('sha256', bytes);
      bytesOf.set(sha256, bytes);
      return { sha256, bytes: bytes.length };
    },
    get: async (parcel: Parcel) => bytesOf.get('sha256' in parcel ? parcel.sha256 : '') as Uint8Array,
  };
}

t.test('rows come back as they were, whatever their type', async (t) => {
  t.same(unpackData(packData(data)), data);
  const { folds: _, ...unfolded } = data;
  const pixels = { ...unfolded, values: Uint8Array.from([0, 255, 1, 2, 3, 4]), test: undefined };
  t.same(unpackData(packData(pixels)), pixels);
  const marked = { ...data, marks: [{ row: 0, entries: 0 }], remarks: ['few'], splitRows: 3 };
  t.same(unpackData(packData(marked)), data, 'without what this machine alone has need of');
});

t.test('rows whose numbers do not go together are refused', async (t) => {
  for (const wrong of [
    { inputs: 3 },
    { classes: 1 },
    { labels: Uint8Array.from([0, 1]) },
    { validation: { from: 1, to: 4 } },
    { folds: [{ training: { from: 0, to: 9 }, validation: { from: 0, to: 1 } }] },
    { whatComesLater: true },
  ])
    t.equal(unpackData(packData({ ...data, ...wrong })), undefined, JSON.stringify(wrong));
  t.equal(unpackData(new Uint8Array(3)), undefined);
});

t.test('what a run says of itself comes back whole', async (t) => {
  const { put, get } = shelf();
  for (const start of [undefined, Float32Array.from([1, -0, 3])])
    t.same(await unpackSetting(await packSetting({ experiment, data, start }, put), get), {
      experiment,
      data,
      start,
    });
});

t.test('a definition that names code is refused, whoever sends it', async (t) => {
  const { put, get } = shelf();
  const parcel = await put(packData(data));
  const code = { name: 'evil', metrics: { loss: 'minimise' }, space: { x: [1] } };
  for (const objective of ['./evil.ts', { command: ['rm'] }]) {
    const definition = JSON.stringify({ ...code, objective });
    await t.rejects(unpackSetting(pack({ definition, data: parcel }, []), get), {
      message: /not that of a network/,
    });
  }
  for (const definition of ['{}', '[]'])
    await t.rejects(unpackSetting(pack({ definition, data: parcel }, []), get));
});
