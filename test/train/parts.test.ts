/** A mini-batch of a large network is trained on in parts, which shows in no bit. */
import t from 'tap';
import type { Kernels } from '../../src/kernel/kernels.ts';
import { control, controlWords, rowsInPart, scratchBlocks } from '../../src/train/arena.ts';
import {
  onSimd,
  type Prepared,
  planFor,
  prepare,
  randomRows,
  randomStart,
  request,
  run,
} from './in-process.ts';

const planOn = (data: ReturnType<typeof randomRows>) =>
  planFor(data, { hidden: [950, 950], epochs: 1, params: { learningRate: 0.001, batchSize: 600 } });
const sparse = randomRows({ training: 600, validation: 20, density: 0.3 });

/** A training whose kernels call `look` each time that they begin with some rows. */
function watched(look: (prepared: Prepared, part: number) => void): Prepared {
  let part = 0;
  const kernelsOn = (memory: WebAssembly.Memory): Kernels => {
    const kernels = onSimd(memory);
    return {
      ...kernels,
      outputDeltas(...given) {
        look(prepared, ++part);
        kernels.outputDeltas(...given);
      },
    };
  };
  const prepared: Prepared = prepare(sparse, planOn(sparse), undefined, kernelsOn);
  return prepared;
}

const beatsOf = ({ memory, training }: Prepared): number =>
  Atomics.load(controlWords(memory.buffer, training.arena), control.parts);

t.test('in parts a mini-batch gives the bits that it gave in one piece', async (t) => {
  // By the first stage, which knew no parts.
  for (const [density, sha256] of [
    [0.3, 'f31929706004086d9d4520257c94a3639ea927a23c92f97c6c08fbf8971afa36'],
    [0.9, '6ee928c3143bf13b4fc0c955f102ffd31f198505f09eca295b68c377cfb97a11'],
  ] as const) {
    const data = randomRows({ training: 600, validation: 20, density });
    t.equal(run(prepare(data, planOn(data))).last.sha256, sha256);
  }
});

t.test('each part of a mini-batch drops out what is its own of the whole mask', async (t) => {
  const places = new Set<number>();
  let floats = 0;
  const watching = (memory: WebAssembly.Memory): Kernels => {
    const kernels = onSimd(memory);
    return {
      ...kernels,
      drop(...given) {
        floats = Math.max(floats, given[2]);
        places.add(given[3]);
        kernels.drop(...given);
      },
    };
  };
  run(prepare(sparse, { ...planOn(sparse), dropout: 0.2 }, undefined, watching));
  t.ok(places.size > 1);
  t.same(
    [...places],
    [...places].map((_, part) => part * floats),
  );
});

t.test('the heart beats within a mini-batch, so that a slow one is not taken for a hang', async (t) => {
  const beats: number[] = [];
  run(watched((prepared) => beats.push(beatsOf(prepared))));
  t.ok(beats.length > 1);
  t.same(
    beats,
    beats.map((_, index) => index + 1),
  );
});

t.test(
  'a request to stop is heard within a mini-batch, and the weights go back to the epoch before',
  async (t) => {
    let parts = 0;
    const prepared = watched((self, part) => {
      parts = part;
      if (part === 1) request(self, 'stop');
    });
    const { end, last } = run(prepared);
    t.equal(end.state, 'stopped');
    t.equal(parts, 1);
    t.same(last.parameters, randomStart(planOn(sparse)));
  },
);

t.test('the paper’s mini-batches are one part each, and a large network’s take little memory', async (t) => {
  t.ok(rowsInPart([784, 20, 10]) > 384);
  const sizes = [784, 4000, 4000, 10];
  const bytes = (batchSize: number) =>
    scratchBlocks({ sizes, batchSize, trainingRows: 40_000, form: 'dense' }).reduce(
      (sum, block) => sum + block.bytes,
      0,
    );
  t.ok(rowsInPart(sizes) < 256);
  t.equal(bytes(40_000), bytes(256));
});
