/** Lives a trial of bench/waiting.ts: its steps take as long as they say, and nothing but time. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ObjectiveFunction } from '../src/objective-function.ts';
import { lifeOf, msPerSecond, realSeed } from './lives.ts';

export const objective: ObjectiveFunction<{ number: number }, { loss: number }> = async ({
  params,
  report,
}) => {
  const { seconds, losses } = lifeOf(realSeed, params.number);
  for (const [index, loss] of losses.entries()) {
    await sleep(msPerSecond * (seconds[index] as number));
    await report(index + 1, { loss });
  }
};
