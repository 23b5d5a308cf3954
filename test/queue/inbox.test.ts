import { hash } from 'node:crypto';
import t from 'tap';
import type { AnswerBook } from '../../src/queue/answer-book.ts';
import { packAnswer } from '../../src/queue/answers.ts';
import type { Blobs } from '../../src/queue/blobs.ts';
import { Inbox } from '../../src/queue/inbox.ts';
import type { Presence } from '../../src/queue/presence.ts';
import { jobId } from '../../src/queue/protocol.ts';
import { RemoteTrial } from '../../src/queue/remote-trial.ts';
import { Turns } from '../../src/queue/turns.ts';
import type { TrialOutcome } from '../../src/trial.ts';
import { jobFor } from '../contracts/executor-of-trials-contract.ts';

/** What becomes of the entry that carries how a trial ended, once the run has it. */
async function kept(outcome: TrialOutcome): Promise<'a while' | 'not'> {
  const job = jobFor({});
  const id = jobId('0'.repeat(16), job.key, undefined);
  const trial = new RemoteTrial(job, [{ name: 'loss', goal: 'minimise' }], undefined, {
    ask() {},
    judged() {},
    sayAgain() {},
    age: () => 0,
  });
  const bytes = packAnswer(outcome);
  const { promise, resolve } = Promise.withResolvers<'a while' | 'not'>();
  const book: Partial<AnswerBook> = {
    handOver() {},
    write: async () => {},
    forget: async () => resolve('not'),
    forgetLater: () => resolve('a while'),
  };
  const inbox = new Inbox({
    ...{ trials: new Map([[id, trial]]), turns: new Turns(), book: book as AnswerBook },
    ...{ blobs: { get: async () => bytes } as Partial<Blobs> as Blobs, presence: {} as Presence },
    ...{ age: () => 1, tell() {}, again() {}, onConflict() {} },
  });
  const ended = {
    ...{ kind: 'ended', job: id, worker: 'one', attempt: 1, seconds: 1, spans: [], log: '' },
    ...{ sha256: hash('sha256', bytes), answer: { inline: '' } },
  };
  inbox.take('1-0', JSON.stringify(ended));
  t.equal((await trial.running.outcome).state, outcome.state);
  return await promise;
}

t.test(
  'an answer is kept until it is surely recorded, but no failure, which may be tried again',
  async (t) => {
    t.equal(await kept({ state: 'diverged', step: 3, reports: [], seconds: 1 }), 'a while');
    t.equal(await kept({ state: 'failed', code: 'ERR', reason: 'none', reports: [], seconds: 1 }), 'not');
  },
);
