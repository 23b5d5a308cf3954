import { Worker } from 'node:worker_threads';
import t from 'tap';
import { board, control, controlWords } from '../../src/train/arena.ts';
import { assist } from '../../src/train/assist.ts';
import type { Thread } from '../../src/train/evaluate.ts';
import { train } from '../../src/train/train.ts';
import { planFor, prepare, randomRows, run } from './in-process.ts';

const data = randomRows({ inputs: 20, training: 90, validation: 600, density: 0.3 });
const plan = planFor(data, { epochs: 6, hidden: [6, 5] });
const alone = run(prepare(data, plan));

t.test('a trial handed to another thread after every epoch ends with the same bits', async (t) => {
  const prepared = prepare(data, plan, undefined, undefined, 3);
  const words = controlWords(prepared.memory.buffer, prepared.training.arena);
  for (let epoch = 1; epoch < plan.epochs; epoch++) {
    words[control.yieldAt] = epoch;
    const thread = prepared.threads[epoch % 3] as Thread;
    t.same(train(thread, prepared.training), { state: 'yielded' });
    t.equal(words[control.trainedEpochs], epoch);
  }
  words[control.yieldAt] = 0;
  t.same(run(prepared, prepared.threads[2]), alone);
});

t.test('a trial handed over once, after any epoch, ends with the same bits', async (t) => {
  for (let epoch = 1; epoch < plan.epochs; epoch++) {
    const prepared = prepare(data, plan, undefined, undefined, 2);
    const [first, second] = prepared.threads as [Thread, Thread];
    const words = controlWords(first.buffer, prepared.training.arena);
    words[control.yieldAt] = epoch;
    train(first, prepared.training);
    words[control.yieldAt] = 0;
    t.same(run(prepared, second), alone, `after epoch ${epoch}`);
  }
});

t.test('an epoch left to assistants that have gone is measured by the thread that goes on', async (t) => {
  const prepared = prepare(data, plan, undefined, undefined, 2);
  const [owner, assistant] = prepared.threads as [Thread, Thread];
  const words = controlWords(owner.buffer, prepared.training.arena);
  // As if an assistant were there: the first epoch is trained, published and left to be measured.
  words[control.assistants] = 1;
  words[control.yieldAt] = 1;
  t.same(train(owner, prepared.training), { state: 'yielded' });
  t.equal(words[control.measuredEpochs], 0);
  words[control.assistants] = 0;
  words[control.yieldAt] = 0;
  owner.board[board.dismiss] = 1;
  assist(assistant, [{ measurement: prepared.training, scratch: assistant.scratch }]);
  t.equal(words[control.assistants], 0);
  t.same(run(prepared), alone);
});

t.test('training with other threads measuring all the while ends with the same bits', async (t) => {
  for (const assistants of [1, 2, 3]) {
    const prepared = prepare(data, plan, undefined, undefined, assistants + 1);
    const [owner, ...others] = prepared.threads as [Thread, ...Thread[]];
    const words = controlWords(owner.buffer, prepared.training.arena);
    const threads = others.map(({ scratch, board: shared }) => {
      const workerData = { memory: prepared.memory, board: shared, training: prepared.training, scratch };
      return new Worker(new URL('../fixtures/assistant.ts', import.meta.url), { workerData });
    });
    while (Atomics.load(words, control.assistants) < assistants)
      await new Promise((resolve) => setTimeout(resolve, 1));
    const trained = run(prepared, owner);
    Atomics.store(owner.board, board.dismiss, 1);
    Atomics.add(owner.board, board.bell, 1);
    Atomics.notify(owner.board, board.bell);
    await Promise.all(threads.map((thread) => new Promise((resolve) => thread.on('exit', resolve))));
    t.same(trained, alone, `${assistants} assistants`);
    t.equal(words[control.assistants], 0, 'all have left');
  }
});
