import { hash } from 'node:crypto';
import t from 'tap';
import type { CoresweepError } from '../../src/errors.ts';
import { Curve } from '../../src/objective/curve.ts';
import type { AnswerBook } from '../../src/queue/answer-book.ts';
import { packAnswer } from '../../src/queue/answers.ts';
import type { Blobs } from '../../src/queue/blobs.ts';
import { Inbox, type InboxOptions } from '../../src/queue/inbox.ts';
import type { SettledAnswer } from '../../src/queue/messages.ts';
import type { Presence } from '../../src/queue/presence.ts';
import { jobId } from '../../src/queue/protocol.ts';
import { RemoteTrial } from '../../src/queue/remote-trial.ts';
import { Turns } from '../../src/queue/turns.ts';
import type { Report, TrialOutcome } from '../../src/trial.ts';
import { jobFor } from '../contracts/executor-of-trials-contract.ts';

const metrics = [{ name: 'loss', goal: 'minimise' }] as const;
const job = jobFor({});
const id = jobId('0'.repeat(16), job.key, undefined);

const newTrial = () =>
  new RemoteTrial(job, metrics, undefined, { ask() {}, judged() {}, sayAgain() {}, age: () => 0 });

/** A run's inbox that knows one trial, and is given answers by what their entries carry. */
function inboxOf(trial: RemoteTrial, options: Pick<InboxOptions, 'book' | 'onConflict'>) {
  const stored = new Map<string, Uint8Array>();
  const blobs: Partial<Blobs> = {
    get: async (parcel) => ('sha256' in parcel && stored.get(parcel.sha256)) || Buffer.alloc(0),
    drop: async () => {},
  };
  const inbox = new Inbox({
    ...{ metrics: 1, trials: new Map([[id, trial]]), turns: new Turns(), ...options },
    ...{ blobs: blobs as Blobs, presence: {} as Presence, age: () => 1, tell: t.fail, again() {} },
  });
  return (entry: string, worker: string, outcome: TrialOutcome) => {
    const bytes = packAnswer(outcome);
    const sha256 = hash('sha256', bytes);
    stored.set(sha256, bytes);
    const from = { job: id, worker, attempt: 1, seconds: 1, spans: [], log: '' };
    inbox.take(
      entry,
      JSON.stringify({ kind: 'ended', ...from, sha256, answer: { sha256, bytes: bytes.length } }),
    );
  };
}

/** What becomes of the entry that carries how a trial ended, once the run has it. */
async function kept(outcome: TrialOutcome): Promise<'a while' | 'not'> {
  const trial = newTrial();
  const { promise, resolve } = Promise.withResolvers<'a while' | 'not'>();
  const book: Partial<AnswerBook> = {
    handOver() {},
    write: async () => {},
    forget: async () => resolve('not'),
    forgetLater: () => resolve('a while'),
  };
  inboxOf(trial, { book: book as AnswerBook, onConflict() {} })('1-0', 'one', outcome);
  t.equal((await trial.running.outcome).state, outcome.state);
  return await promise;
}

/** Whether the second of two machines' answers to one trial is held to be other than the first. */
async function isConflict(one: TrialOutcome, other: TrialOutcome): Promise<CoresweepError | undefined> {
  let counted: SettledAnswer | undefined;
  let conflict: CoresweepError | undefined;
  const { promise: isOver, resolve } = Promise.withResolvers<void>();
  const book: Partial<AnswerBook> = {
    handOver() {},
    counted: async () => counted,
    write: async ({ worker, sha256 }) => {
      counted = { worker, sha256 };
    },
    forget: async () => resolve(),
    forgetLater() {},
  };
  const onConflict = (error: CoresweepError) => {
    conflict = error;
  };
  const end = inboxOf(newTrial(), { book: book as AnswerBook, onConflict });
  end('1-0', 'one', one);
  end('2-0', 'two', other);
  await isOver;
  return conflict;
}

/** A trial with `count` reports, of which a machine knew every second one when it took the trial over. */
function resumed(count: number, known: number, lossAt = (step: number) => 1 / step): TrialOutcome {
  const reports = Array.from(
    { length: count },
    (_, at): Report => ({ step: at + 1, values: [lossAt(at + 1)] }),
  );
  const begun = reports.slice(0, known).filter((_, at) => at % 2 === 0);
  const curve = new Curve(metrics, known === 0 ? [] : [...begun, ...reports.slice(known - 1, known)]);
  for (const report of reports.slice(known)) curve.add(report);
  const [best, last] = [curve.best as Report, curve.last as Report];
  const spent = { spans: [], seconds: 1 };
  return { state: 'done', result: { reports: curve.reports(), best, last, artifacts: [], ...spent } };
}

t.test(
  'an answer is kept until it is surely recorded, but no failure, which may be tried again',
  async (t) => {
    t.equal(await kept({ state: 'diverged', step: 3, reports: [], seconds: 1 }), 'a while');
    t.equal(await kept({ state: 'failed', code: 'ERR', reason: 'none', reports: [], seconds: 1 }), 'not');
  },
);

t.test(
  'two machines may keep other reports of very many, where one of them took the trial over',
  async (t) => {
    const [whole, taken] = [resumed(20_000, 0), resumed(20_000, 9_000)];
    t.not(hash('sha256', packAnswer(whole)), hash('sha256', packAnswer(taken)), 'other reports are left out');
    t.equal(await isConflict(whole, taken), undefined);
    t.equal(await isConflict(taken, whole), undefined);
    const worse = resumed(20_000, 9_000, (step) => (step === 20_000 ? 1 : 1 / step));
    t.equal((await isConflict(whole, worse))?.code, 'ERR_ANSWERS_DIFFER', 'but no other last report');
  },
);

t.test('two machines may not give other bits: of a few reports every one counts', async (t) => {
  const [whole, other] = [resumed(100, 0), resumed(100, 0, (step) => (step === 50 ? 0.021 : 1 / step))];
  t.equal(await isConflict(whole, resumed(100, 0)), undefined);
  const conflict = await isConflict(whole, other);
  t.equal(conflict?.code, 'ERR_ANSWERS_DIFFER');
  t.match(conflict?.message, 'one gave');
  t.match(conflict?.message, 'two gave');
});
