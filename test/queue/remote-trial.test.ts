import t from 'tap';
import type { Judgement } from '../../src/execute/executor.ts';
import { RemoteTrial } from '../../src/queue/remote-trial.ts';
import type { Report } from '../../src/trial.ts';
import { jobFor } from '../contracts/executor-of-trials-contract.ts';

const reportsTo = (step: number): readonly Report[] =>
  Array.from({ length: step }, (_, at) => ({ step: at + 1, values: [at] }));

t.test('a worker that is further behind than the run may go on at what was judged before', async (t) => {
  const checkpoint = { step: 3, reports: reportsTo(3), bytes: new Uint8Array() };
  const job = jobFor({}, { start: { from: 'checkpoint', checkpoint }, rungs: [9] });
  const said: [number, Judgement][] = [];
  const trial = new RemoteTrial(job, [{ name: 'loss', goal: 'minimise' }], undefined, {
    ask() {},
    judged: (...judgement) => said.push(judgement),
    sayAgain() {},
    age: () => 0,
  });
  const verdict = Promise.withResolvers<Judgement>();
  trial.running.onReport(() => verdict.promise);
  // It took the trial from an earlier session, which ended before it could say how it was judged.
  trial.report(reportsTo(3), { after: 0, asks: true });
  t.same(said, [[3, 'go on']]);
  trial.report(reportsTo(9), { after: 0, asks: true });
  t.same(said, [[3, 'go on']], 'but waits where it is not judged yet');
  verdict.resolve('prune');
  await verdict.promise;
  trial.report(reportsTo(9), { after: 0, asks: true });
  t.same(said.at(-1), [9, 'prune']);
});
