/** Reports every 10 ms from the step that it was left at. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ObjectiveFunction } from '../src/objective-function.ts';
import type { Params } from '../src/trial.ts';

export const objective: ObjectiveFunction<Params, { loss: number }> = async ({
  report,
  restored,
  checkpoint,
}) => {
  for (let step = 1 + (restored === undefined ? 0 : Number(Buffer.from(restored).toString())); ; step++) {
    await report(step, { loss: step });
    checkpoint(Buffer.from(String(step)));
    await sleep(10);
  }
};
