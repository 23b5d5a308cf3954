/** What everything that trains networks must keep to, whatever it trains them on. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import type { Executor, Running } from '../../src/execute/executor.ts';
import type { TrainingPlan } from '../../src/train/train.ts';
import { weightsSha256 } from '../../src/train/weights-hash.ts';
import type { Checkpoint, TrialResult } from '../../src/trial.ts';
import { jobFor, jobFrom } from '../execute/network/network-jobs.ts';
import { weightsIn } from '../fixtures/weights-in.ts';

export interface ExecutorsUnderTest {
  /** An executor that knows plans by network-jobs.ts, fits both and is closed at the end of a test. */
  open(t: Test, threads: number): Executor;
  /** A short training. */
  readonly plan: TrainingPlan;
  /** One that does not end while a test lasts, but has its first epoch soon. */
  readonly endless: TrainingPlan;
  /** What becomes of a trial that nobody there can train: a start that throws, or where others find out an outcome. */
  readonly refusals: 'throws' | 'outcomes';
}

/** What a trial leaves behind, but for when and where it ran. */
async function answerOf({ outcome }: Running): Promise<Omit<TrialResult, 'spans' | 'seconds'>> {
  const ended = await outcome;
  if (ended.state !== 'done') throw new Error(JSON.stringify(ended));
  const { spans: _, seconds: __, ...answer } = ended.result;
  return answer;
}

async function firstEpoch(running: Running): Promise<void> {
  while (running.progress().last === undefined) await sleep(1);
}

/** Holds executors to the promise of execute/executor.ts where networks are trained. */
export function executorContract(t: Test, { open, plan, endless, refusals }: ExecutorsUnderTest): void {
  const variants = [0.01, 0.02, 0.03].map((learningRate, replicate) => ({
    ...plan,
    ...{ params: { ...plan.params, learningRate }, replicate },
  }));

  t.test(
    'a trial that has ended has its whole curve, its best epoch and weights with their hashes',
    async (t) => {
      const executor = open(t, 1);
      await executor.ready();
      t.ok(executor.age() >= 0);
      const ended = await executor.start(jobFor(plan)).outcome;
      if (ended.state !== 'done') throw new Error(ended.state);
      const { reports, best, last, artifacts, spans, seconds } = ended.result;
      t.same(
        reports.map(({ step }) => step),
        Array.from({ length: plan.epochs }, (_, index) => index + 1),
      );
      t.same(best, reports[best.step - 1]);
      t.same(last, reports.at(-1));
      t.same(
        artifacts.map(({ name }) => name),
        ['best', 'last'],
      );
      for (const { sizes, parameters, sha256 } of [
        weightsIn(ended.result, 'best'),
        weightsIn(ended.result, 'last'),
      ]) {
        t.same(sizes, plan.sizes);
        t.equal(sha256, weightsSha256(parameters));
      }
      t.ok(spans.length > 0 && spans.every(({ thread, from, to }) => thread < 1 && 0 <= from && from <= to));
      t.ok(seconds > 0);
      t.ok(spans.every(({ to }) => to <= executor.age()));
    },
  );

  t.test('answers do not depend on threads, on neighbours, nor on what ran before', async (t) => {
    const alone = open(t, 1);
    const answers = [];
    for (const plan of variants) answers.push(await answerOf(alone.start(jobFor(plan))));
    const together = open(t, 2);
    const running = variants.toReversed().map((plan) => together.start(jobFor(plan)));
    t.same((await Promise.all(running.map(answerOf))).reverse(), answers);
    t.equal(new Set(answers.map((answer) => weightsIn(answer, 'last').sha256)).size, variants.length);
  });

  t.test('there is room for as many trials as promised, and again once one has ended', async (t) => {
    for (const threads of [1, 2, 3]) {
      const executor = open(t, threads);
      t.equal(executor.seats, threads);
      t.ok(executor.capacity(1000) >= 1);
      const most = Math.max(executor.capacity(0), executor.capacity(1000));
      const running = Array.from({ length: most }, () => executor.start(jobFor(endless)));
      t.throws(() => executor.start(jobFor(plan)), { message: `${most} trials are under way already.` });
      executor.stop();
      for (const outcome of await Promise.all(running.map(({ outcome }) => outcome)))
        t.equal(outcome.state, 'stopped');
      t.equal((await executor.start(jobFor(plan)).outcome).state, 'done');
    }
  });

  t.test('a stop ends every trial with a checkpoint, from which it goes on to the same answer', async (t) => {
    const executor = open(t, 2);
    const long = { ...plan, epochs: 500 };
    const running = [executor.start(jobFor(long)), executor.start(jobFor({ ...endless, epochs: 1000 }))];
    await firstEpoch(running[0] as Running);
    executor.stop();
    const [stopped] = await Promise.all(running.map(({ outcome }) => outcome));
    // A fast machine may have been at the end already.
    if (stopped?.state === 'stopped') {
      t.ok((stopped.checkpoint?.step ?? 0) >= 1);
      t.same(
        await answerOf(executor.start(jobFor(long, stopped.checkpoint))),
        await answerOf(executor.start(jobFor(long))),
      );
    } else t.equal(stopped?.state, 'done');
  });

  t.test('a checkpoint taken while a trial goes on is a start that leads to the same answer', async (t) => {
    const executor = open(t, 1);
    const running = executor.start(jobFor({ ...plan, epochs: 300 }));
    await firstEpoch(running);
    const checkpoint = running.checkpoint();
    const answer = await answerOf(running);
    t.same(await answerOf(executor.start(jobFor({ ...plan, epochs: 300 }, checkpoint))), answer);
  });

  t.test('progress is there from the start to after the end, and never goes back', async (t) => {
    const executor = open(t, 1);
    const running = executor.start(jobFor(plan));
    let reached = 0;
    let isOver = false;
    const over = running.outcome.then(() => {
      isOver = true;
    });
    while (!isOver) {
      const { steps, last } = running.progress();
      t.equal(steps, plan.epochs);
      t.ok((last?.step ?? 0) >= reached);
      reached = last?.step ?? 0;
      await sleep(1);
    }
    await over;
    await answerOf(executor.start(jobFor({ ...plan, epochs: 2 })));
    t.equal(running.progress().last?.step, plan.epochs, 'and is not the next trial’s');
  });

  t.test('numbers that are no longer finite end a trial as diverged, with the epochs before', async (t) => {
    const executor = open(t, 1);
    const steep = { ...plan, params: { learningRate: 1e4, batchSize: 300 }, epochs: 100 };
    const outcome = await executor.start(jobFor({ ...steep, penalty: 'l2', lambda: 0.1 })).outcome;
    if (outcome.state !== 'diverged') throw new Error(outcome.state);
    t.equal(outcome.reports.length, outcome.step - 1);
    t.ok(outcome.reports.every(({ values }) => values.every(Number.isFinite)));
  });

  t.test(
    'a plan that is too large, or a start of another network, is refused and takes no room',
    async (t) => {
      const executor = open(t, 1);
      for (const [job, reason] of [
        [jobFor({ ...plan, epochs: 10_000_000 }), /does not fit/],
        [jobFrom(plan, new Float32Array(3)), /parameters, but got 3\.$/],
      ] as const) {
        if (refusals === 'throws') t.throws(() => executor.start(job), { message: reason });
        else
          t.match(await executor.start(job).outcome, { state: 'failed', code: 'ERR_TRIAL_REFUSED', reason });
      }
      t.equal((await executor.start(jobFor(plan)).outcome).state, 'done');
    },
  );

  t.test('a trial that is to pause does so after its step, and goes on to the same answer', async (t) => {
    const executor = open(t, 2);
    const whole = await answerOf(executor.start(jobFor(plan)));
    let checkpoint: Checkpoint | undefined;
    for (const until of [1, 3]) {
      const outcome = await executor.start({ ...jobFor(plan, checkpoint), until }).outcome;
      if (outcome.state !== 'stopped') throw new Error(outcome.state);
      checkpoint = outcome.checkpoint;
      t.equal(checkpoint?.step, until);
      t.same(checkpoint?.reports, whole.reports.slice(0, until), 'its last step is measured');
    }
    t.same(await answerOf(executor.start({ ...jobFor(plan, checkpoint), until: plan.epochs })), whole);
  });

  t.test('one that is stopped or pruned leaves the others alone', async (t) => {
    const executor = open(t, 2);
    const [stopped, pruned] = [executor.start(jobFor(endless)), executor.start(jobFor(endless))];
    stopped?.stop();
    t.equal((await stopped?.outcome)?.state, 'stopped');
    await firstEpoch(pruned as Running);
    const other = executor.start(jobFor(plan));
    pruned?.prune();
    const outcome = await pruned?.outcome;
    if (outcome?.state !== 'pruned') throw new Error(outcome?.state);
    t.same(outcome.result.last, outcome.result.reports.at(-1));
    t.equal((await other.outcome).state, 'done');
  });
}
