import t from 'tap';
import { momentsAt } from '../../src/train/arena.ts';
import { checkpointOf, parametersAt, readyArena } from '../../src/train/arena-state.ts';
import { checkpoint, planFor, prepare, randomRows, randomStart, run } from './in-process.ts';

const adam = { kind: 'adam', beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0 } as const;

/** An arena in which a training has ended, and what that has left. */
function used(seed: number) {
  const data = randomRows();
  const plan = planFor(data, { optimizer: adam, seed });
  const prepared = prepare(data, plan);
  const trained = run(prepared);
  return { plan, prepared, trained, left: checkpoint(prepared) };
}

t.test('a training is the same in a fresh arena as in one that another has left', async (t) => {
  const { plan, prepared } = used(1);
  const { memory, training } = prepared;
  readyArena(memory.buffer, training.arena, plan, { from: 'weights', parameters: randomStart(plan) });
  for (const at of momentsAt(training.arena.parameters, plan))
    t.ok(parametersAt(memory.buffer, at, plan.sizes).every((value) => value === 0));
  t.strictSame(run(prepared), run(prepare(randomRows(), plan)));
});

t.test('a checkpoint is laid out with all its bits, over what another training has left', async (t) => {
  const { left } = used(1);
  const { plan, prepared } = used(2);
  const { memory, training } = prepared;
  readyArena(memory.buffer, training.arena, plan, { from: 'checkpoint', checkpoint: left });
  t.strictSame(checkpointOf(memory.buffer, training.arena, plan), left);
});
