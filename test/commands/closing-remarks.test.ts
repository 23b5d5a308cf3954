import t from 'tap';
import { closingRemarks } from '../../src/commands/closing-remarks.ts';
import type { RunArguments } from '../../src/commands/run-definition.ts';
import type { Experiment } from '../../src/experiment/schema.ts';
import type { SweepResult } from '../../src/sweep/sweep.ts';

t.test('a stopped run says how it goes on with its workers, but no password', async (t) => {
  const remark = (workers: string, insecure: boolean) =>
    closingRemarks(
      { definition: 'a.ts', db: 'results/results.db', workers, insecure, set: [] } as unknown as RunArguments,
      {} as Experiment,
      { state: 'stopped' } as SweepResult,
      true,
      'coresweep',
    );
  const words = 'Stopped. To go on: coresweep run a.ts';
  t.same(remark('redis://here:7000', true), [`${words} --workers redis://here:7000 --insecure`]);
  t.same(remark('rediss://me@queue.example', false), [`${words} --workers rediss://me@queue.example`]);
  t.same(remark('rediss://me:secret@queue.example', false), [`${words} --workers '…'`]);
});
