/** Functions to be tried, good and bad: what one does is its parameter `does`. */
import { execSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ObjectiveFunction, TrialGiven } from '../../src/objective-function.ts';
import type { Params } from '../../src/trial.ts';

type Values = Readonly<Record<string, number>>;
type Given = TrialGiven<Params, Values>;

const endless = (): never => {
  for (;;) {}
};

const deeds: Readonly<Record<string, (trial: Given) => unknown>> = {
  /** Five steps, each from the last and from chance, so that a lost one shows. */
  async walk({ params, random, restored, report, checkpoint, save }) {
    const state =
      restored === undefined
        ? { step: 0, at: 0 }
        : (JSON.parse(Buffer.from(restored).toString()) as { step: number; at: number });
    const steps = Number(params['steps'] ?? 5);
    const pause = Number(params['pause'] ?? 0);
    while (state.step < steps) {
      state.step++;
      state.at += Number(params['x']) * random();
      await report(state.step, { loss: state.at });
      checkpoint(Buffer.from(JSON.stringify(state)));
      if (pause > 0) await sleep(pause);
    }
    save(Buffer.from(`model ${state.at}`));
  },
  /** The same without checkpoints, and without waiting for anything. */
  hurry({ params, random, report, save }) {
    let at = 0;
    for (let step = 1; step <= Number(params['steps'] ?? 5); step++) {
      at += Number(params['x']) * random();
      save(Uint8Array.of(step));
      void report(step, { loss: at });
    }
  },
  returns: ({ params }) => params['x'],
  'returns an object': ({ params }) => ({ loss: params['x'] }),
  async 'reports, then returns'({ report }) {
    await report(1, { loss: 1 });
    await report(5, { loss: 3 });
    return 2;
  },
  throws() {
    throw new Error('planted: it throws');
  },
  rejects: () => Promise.reject(new Error('planted: it rejects')),
  'throws null'() {
    // biome-ignore lint/style/useThrowOnlyError: functions do.
    throw null;
  },
  'throws a text': () => Promise.reject('planted text'),
  exits: () => process.exit(3),
  'exits well': () => process.exit(0),
  endless,
  async 'endless after a report'({ report }) {
    await report(1, { loss: 1 });
    endless();
  },
  async 'waits for ever'({ report }) {
    await report(1, { loss: 1 });
    await new Promise(() => {});
  },
  'fills the heap'() {
    const held: unknown[] = [];
    for (;;) held.push(Array(1000).fill(held.length));
  },
  async 'fills typed arrays'() {
    const held: unknown[] = [];
    for (;;) {
      held.push(new Uint8Array(16 * 2 ** 20).fill(1));
      await sleep(20);
    }
  },
  async 'reports after its end'({ report }) {
    await report(1, { loss: 1 });
    setTimeout(() => void report(2, { loss: 0 }), 5);
  },
  async 'fails after its end'({ report }) {
    await report(1, { loss: 1 });
    setTimeout(() => {
      throw new Error('planted: too late');
    }, 5);
  },
  'fails after its end, unseen'({ report }) {
    // Unref: nothing keeps the thread awake for it, so nothing tells that it is left behind.
    setTimeout(() => Promise.reject(new Error('planted: too late')), 20).unref();
    void report(1, { loss: 1 });
  },
  'rejects elsewhere': () => {
    void Promise.reject(new Error('planted: elsewhere'));
    return new Promise(() => {});
  },
  'throws elsewhere': () => {
    setTimeout(() => {
      throw new Error('planted: elsewhere');
    }, 1);
    return new Promise(() => {});
  },
  async 'reports NaN'({ report }) {
    await report(1, { loss: 1 });
    await report(2, { loss: Number.NaN });
  },
  async 'swallows NaN'({ report }) {
    await report(1, { loss: 1 });
    try {
      await report(2, { loss: Number.POSITIVE_INFINITY });
    } catch {}
    return 7;
  },
  'returns NaN': () => Number.NaN,
  'returns nothing': () => {},
  'returns a text': () => 'planted',
  'reports another metric': ({ report }) => report(1, { los: 1 } as never),
  'reports one too many': ({ report }) => report(1, { loss: 1, other: 2 } as never),
  'reports a bigint': ({ report }) => report(1, { loss: 3n } as never),
  'reports a text': ({ report }) => report(1, { loss: '1' } as never),
  'reports nothing': ({ report }) => report(1, undefined as never),
  async 'swallows a fault'({ report }) {
    try {
      await report(1.5, { loss: 1 });
    } catch {}
    return 7;
  },
  async 'goes back'({ report }) {
    await report(3, { loss: 1 });
    await report(3, { loss: 1 });
  },
  floods({ report, params }) {
    for (let step = 1; step <= Number(params['steps']); step++) void report(step, { loss: step });
  },
  'floods for ever'({ report }) {
    for (let step = 1; ; step++) void report(step, { loss: step });
  },
  prints() {
    console.log('by console.log', { a: 1 });
    console.error('by console.error');
    process.stdout.write('by stdout\n');
    return 1;
  },
  'prints much'({ params }) {
    for (let line = 0; line < Number(params['lines']); line++) console.log(`line ${line}`);
    return 1;
  },
  'waits for a program'() {
    execSync('sleep 100');
    return 1;
  },
  async 'heeds its signal'({ report, signal }) {
    await report(1, { loss: 1 });
    await sleep(1e6, undefined, { signal });
  },
  async 'returns when told to end'({ report, signal }) {
    await report(1, { loss: 1 });
    await new Promise((resolve) => signal.addEventListener('abort', resolve));
    return 0;
  },
  'checkpoints a text': ({ checkpoint }) => checkpoint('planted' as never),
  tells({ number, replicate, role, seed, random, start }) {
    console.log(
      JSON.stringify({
        number,
        replicate,
        role,
        seed,
        drawn: random(),
        start: start && Buffer.from(start).toString(),
      }),
    );
    return 1;
  },
  'writes to the descriptor'() {
    writeSync(2, '');
    return 1;
  },
};

export const objective: ObjectiveFunction<Params, Values> = (trial) => {
  const deed = deeds[String(trial.params['does'])];
  if (deed === undefined) throw new Error(`There is no deed ${trial.params['does']}.`);
  return deed(trial) as never;
};
