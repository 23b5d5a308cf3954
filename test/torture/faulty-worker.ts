/** The entry of a thread that has one fault in it, named by the trial's seed; every other trial it trains as it should. */
import answer, {
  type ThreadAnswer,
  type ThreadShare,
  type ToldTask,
} from '../../src/execute/network/worker.ts';
import type { Training } from '../../src/train/train.ts';

/** Throws what no linter would let pass. */
function throwing(value: unknown): never {
  throw value;
}

/** What goes wrong, and what of it a person is told; the seed of the trial is its place here, counted from 1000. */
export const workerFaults: readonly {
  readonly name: string;
  readonly code: RegExp;
  readonly act: (training: Training, memory: WebAssembly.Memory) => unknown;
}[] = [
  {
    name: 'throws an error',
    code: /^ERR_TRIAL_THREW$|^ERR_THREAD_DIED$/,
    act: () => {
      throw new Error('planted');
    },
  },
  {
    name: 'throws an error with a code',
    code: /^ERR_PLANTED$|^ERR_THREAD_DIED$/,
    act: () => {
      throw Object.assign(new Error('planted'), { code: 'ERR_PLANTED' });
    },
  },
  {
    name: 'throws null',
    code: /^ERR_THREAD_DIED$/,
    act: () => throwing(null),
  },
  {
    name: 'throws undefined',
    code: /^ERR_THREAD_DIED$/,
    act: () => throwing(undefined),
  },
  {
    name: 'throws a text',
    code: /^ERR_THREAD_DIED$/,
    act: () => throwing('planted'),
  },
  { name: 'answers nothing', code: /^ERR_THREAD_DIED$/, act: () => undefined },
  { name: 'answers what cannot be sent', code: /^ERR_THREAD_DIED$|CLONE/i, act: () => () => {} },
  { name: 'exits with 0', code: /^ERR_THREAD_DIED$/, act: () => process.exit(0) },
  { name: 'exits with 1', code: /^ERR_THREAD_DIED$/, act: () => process.exit(1) },
  {
    name: 'rejects where nobody listens',
    code: /^ERR_THREAD_DIED$/,
    act: () => {
      void Promise.reject(new Error('planted'));
      return new Promise(() => {});
    },
  },
  {
    name: 'throws from a timer',
    code: /^ERR_THREAD_DIED$/,
    act: () => {
      setTimeout(() => {
        throw new Error('planted');
      }, 5);
      return new Promise(() => {});
    },
  },
  {
    name: 'runs out of memory',
    code: /^ERR_WORKER_OUT_OF_MEMORY$/,
    act: () => {
      const all: number[][] = [];
      for (;;) all.push(new Array(100_000).fill(1.5));
    },
  },
  {
    name: 'spins',
    code: /^ERR_TRIAL_SILENT$/,
    act: () => {
      for (;;);
    },
  },
  {
    name: 'scribbles into its arena for ever',
    code: /^ERR_TRIAL_SILENT$/,
    act: ({ arena }, { buffer }) => {
      const weights = new Float32Array(buffer, arena.parameters, 16);
      for (;;) weights.fill(0.5);
    },
  },
  {
    name: 'sleeps for ever',
    code: /^ERR_TRIAL_SILENT$/,
    act: () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0),
  },
  { name: 'never answers', code: /^ERR_TRIAL_SILENT$/, act: () => new Promise(() => {}) },
];

export const firstSeed = 1_000;

/** What the thread was told to work on, once. */
let told: ThreadShare | undefined;

export default function faultyAnswer(task: ToldTask): ThreadAnswer {
  told = task.share ?? told;
  const fault = task.kind === 'train' ? workerFaults[task.training.seed - firstSeed] : undefined;
  if (fault === undefined || task.kind !== 'train') return answer(task);
  return fault.act(task.training, (told as ThreadShare).memory) as ThreadAnswer;
}
