/** What everything that runs trials must keep to, whatever it runs them on. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Test } from 'tap';
import type { Executor, Job, JobStart, Running } from '../../src/execute/executor.ts';
import type { Params, TrialOutcome, TrialResult } from '../../src/trial.ts';

export interface ExecutorsUnderTest {
  /** An executor whose trials have one metric, to be minimised; it is closed at the end of a test. */
  open(t: Test, seats: number): Executor;
  /** Trials of at least three steps with different answers. */
  readonly variants: readonly [Params, Params, ...Params[]];
  /** One of many steps that take their time, each with a checkpoint where the objective gives any. */
  readonly long: Params;
  /** One that does not end while a test lasts, but has its first report soon. */
  readonly endless: Params;
  /** One whose second report is not finite. */
  readonly steep: Params;
  /** One of five steps that does not wait for its reports, and saves a model before each, of one byte: the step. */
  readonly hurrying: Params;
}

const limits = { silentSeconds: 60 };

let jobs = 0;

/** A key of its own: equal keys would mean equal bits. */
export const jobFor = (params: Params, given: Partial<Job> = {}): Job => ({
  ...{ number: 1, role: 'search', key: `key${++jobs}`, replicate: 0, params, attempt: 1, seed: 1 },
  ...{ start: { from: 'nothing' }, limits },
  ...given,
});

function resultOf(outcome: TrialOutcome): TrialResult {
  if (outcome.state !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.result;
}

/** What a trial leaves behind, but for when and where it ran. */
async function answerOf({ outcome }: Running): Promise<Omit<TrialResult, 'spans' | 'seconds'>> {
  const { spans: _, seconds: __, ...answer } = resultOf(await outcome);
  return answer;
}

async function firstReport(running: Running): Promise<void> {
  while (running.progress().last === undefined) await sleep(1);
}

const startAt = (outcome: TrialOutcome): JobStart => {
  if (outcome.state !== 'stopped') throw new Error(JSON.stringify(outcome));
  const { checkpoint } = outcome;
  return checkpoint === undefined ? { from: 'nothing' } : { from: 'checkpoint', checkpoint };
};

/** Objectives that test/execute/objectives.ts and program.mjs do alike. */
export const walks = {
  variants: [
    { does: 'walk', x: 1 },
    { does: 'walk', x: 2 },
    { does: 'walk', x: -1 },
  ],
  endless: { does: 'walk', x: 1, steps: 1e9, pause: 5 },
  steep: { does: 'reports NaN' },
  hurrying: { does: 'hurry', x: 1 },
} as const;

/** Holds executors to the promise of execute/executor.ts. */
export function executorContract(
  t: Test,
  { open, variants, long, endless, steep, hurrying }: ExecutorsUnderTest,
): void {
  const [short] = variants;

  t.test('a trial that has ended has its reports in order, the best and the last of them', async (t) => {
    const executor = open(t, 1);
    await executor.ready();
    t.ok(executor.age() >= 0);
    const { reports, best, last, spans, seconds } = resultOf(await executor.start(jobFor(short)).outcome);
    t.ok(reports.length >= 3);
    t.ok(reports.every(({ step, values }) => step >= 1 && values.every(Number.isFinite)));
    t.ok(reports.every(({ step }, at) => at === 0 || step > (reports[at - 1]?.step as number)));
    t.same(best.values[0], Math.min(...reports.map(({ values }) => values[0] as number)));
    t.same(last, reports.at(-1));
    t.ok(spans.length > 0 && spans.every(({ thread, from, to }) => thread < 1 && 0 <= from && from <= to));
    t.ok(seconds > 0);
    t.ok(spans.every(({ to }) => to <= executor.age()));
  });

  t.test('answers do not depend on seats, on neighbours, nor on what ran before', async (t) => {
    const alone = open(t, 1);
    const answers = [];
    for (const params of variants) answers.push(await answerOf(alone.start(jobFor(params))));
    const together = open(t, variants.length);
    const running = variants.toReversed().map((params) => together.start(jobFor(params)));
    t.same((await Promise.all(running.map(answerOf))).reverse(), answers);
    t.equal(new Set(answers.map(({ last }) => last.values[0])).size, variants.length);
  });

  t.test('there is room for as many trials as promised, and again once one has ended', async (t) => {
    for (const seats of [1, 2, 3]) {
      const executor = open(t, seats);
      t.equal(executor.seats, seats);
      t.ok(executor.capacity(1000) >= 1);
      const most = Math.max(executor.capacity(0), executor.capacity(1000));
      const running = Array.from({ length: most }, () => executor.start(jobFor(endless)));
      t.throws(() => executor.start(jobFor(short)), { message: `${most} trials are under way already.` });
      executor.stop();
      for (const outcome of await Promise.all(running.map(({ outcome }) => outcome)))
        t.equal(outcome.state, 'stopped');
      t.equal((await executor.start(jobFor(short)).outcome).state, 'done');
    }
  });

  t.test('a trial that was stopped goes on to the same answer', async (t) => {
    const executor = open(t, 2);
    // The endless one first: on a busy machine the other could be through before this one's thread is there.
    const endlessly = executor.start(jobFor(endless));
    await firstReport(endlessly);
    const atLength = executor.start(jobFor(long));
    await firstReport(atLength);
    executor.stop();
    const [stopped, other] = await Promise.all([atLength.outcome, endlessly.outcome]);
    t.equal(other.state, 'stopped');
    t.equal(stopped.state, 'stopped');
    const again = executor.start(jobFor(long, { start: startAt(stopped) }));
    t.same(await answerOf(again), await answerOf(executor.start(jobFor(long))));
  });

  t.test('one that stops leaves the others alone', async (t) => {
    const executor = open(t, 2);
    const stopped = executor.start(jobFor(endless));
    const other = executor.start(jobFor(short));
    await firstReport(stopped);
    stopped.stop();
    t.equal((await stopped.outcome).state, 'stopped');
    t.equal((await other.outcome).state, 'done');
  });

  t.test('a checkpoint taken while a trial goes on is a start that leads to the same answer', async (t) => {
    const executor = open(t, 1);
    const running = executor.start(jobFor(long));
    while ((running.progress().last?.step ?? 0) < 3) await sleep(1);
    const checkpoint = running.checkpoint();
    const answer = await answerOf(running);
    if (checkpoint !== undefined) {
      t.ok(checkpoint.step >= 1);
      t.same(checkpoint.reports.at(-1)?.step, checkpoint.step);
      const start = { from: 'checkpoint', checkpoint } as const;
      t.same(await answerOf(executor.start(jobFor(long, { start }))), answer);
    }
  });

  t.test('a trial stops after the step that it was given, and goes on from there', async (t) => {
    const executor = open(t, 1);
    const stopped = await executor.start(jobFor(long, { until: 3 })).outcome;
    t.equal(stopped.state, 'stopped');
    const whole = await answerOf(executor.start(jobFor(long)));
    t.same(await answerOf(executor.start(jobFor(long, { start: startAt(stopped) }))), whole);
  });

  t.test('its listener hears every report, in order', async (t) => {
    const executor = open(t, 1);
    const running = executor.start(jobFor(short));
    const heard: number[] = [];
    running.onReport(({ step }) => {
      heard.push(step);
      return undefined;
    });
    t.same(
      heard,
      resultOf(await running.outcome).reports.map(({ step }) => step),
    );
    t.ok(heard.length >= 3);
    t.same(
      running.reports().map(({ step }) => step),
      heard,
    );
  });

  t.test('a trial that is judged at a rung waits for it, and ends there if it is pruned', async (t) => {
    const executor = open(t, 1);
    for (const judgement of ['go on', 'prune'] as const) {
      const running = executor.start(jobFor(short, { rungs: [2] }));
      let isJudged = false;
      running.onReport(({ step }) =>
        step === 2
          ? sleep(30).then(() => {
              isJudged = true;
              return judgement;
            })
          : undefined,
      );
      const outcome = await running.outcome;
      t.ok(isJudged);
      if (judgement === 'go on') t.equal(outcome.state, 'done');
      else {
        if (outcome.state !== 'pruned') throw new Error(JSON.stringify(outcome));
        t.same(
          outcome.result.reports.map(({ step }) => step),
          [1, 2],
        );
        t.equal(outcome.result.last.step, 2);
        t.equal(running.progress().last?.step, 2);
      }
    }
  });

  t.test('one that does not wait is pruned as it was at the rung, however far it has got', async (t) => {
    const running = open(t, 1).start(jobFor(hurrying, { rungs: [1, 2, 3] }));
    running.onReport(({ step }) => sleep(20 * step).then(() => (step === 2 ? 'prune' : 'go on')));
    const outcome = await running.outcome;
    if (outcome.state !== 'pruned') throw new Error(JSON.stringify(outcome));
    t.same(
      outcome.result.reports.map(({ step }) => step),
      [1, 2],
    );
    const [model] = outcome.result.artifacts;
    t.same(model?.kind === 'bytes' && [...model.bytes], [2]);
  });

  t.test('whoever judges and fails stops the trial', async (t) => {
    const running = open(t, 1).start(jobFor(endless, { rungs: [1] }));
    running.onReport(() => Promise.reject(new Error('planted')));
    t.equal((await running.outcome).state, 'stopped');
  });

  t.test('a trial that is pruned keeps what it has reported', async (t) => {
    const running = open(t, 1).start(jobFor(endless));
    running.prune();
    const outcome = await running.outcome;
    if (outcome.state !== 'pruned') throw new Error(JSON.stringify(outcome));
    t.ok(outcome.result.reports.length >= 1);
    t.same(outcome.result.last, outcome.result.reports.at(-1));
  });

  t.test('progress is there from the start to after the end, and never goes back', async (t) => {
    const executor = open(t, 1);
    const running = executor.start(jobFor(short));
    let reached = 0;
    let isOver = false;
    const over = running.outcome.then(() => {
      isOver = true;
    });
    while (!isOver) {
      const step = running.progress().last?.step ?? 0;
      t.ok(step >= reached);
      reached = step;
      await sleep(1);
    }
    await over;
    const last = running.progress().last;
    await answerOf(executor.start(jobFor(variants[1])));
    t.same(running.progress().last, last, 'and is not the next trial’s');
    t.same(resultOf(await running.outcome).last, last);
  });

  t.test('numbers that are no longer finite end a trial as diverged, with the reports before', async (t) => {
    const outcome = await open(t, 1).start(jobFor(steep)).outcome;
    if (outcome.state !== 'diverged') throw new Error(JSON.stringify(outcome));
    t.equal(outcome.step, 2);
    t.same(
      outcome.reports.map(({ step }) => step),
      [1],
    );
  });

  t.test('closing ends what is under way', async (t) => {
    const executor = open(t, 2);
    const running = [executor.start(jobFor(endless)), executor.start(jobFor(endless))];
    await executor.close();
    for (const outcome of await Promise.all(running.map(({ outcome }) => outcome)))
      t.equal(outcome.state, 'stopped');
  });
}
