/** A program to be tried, good and bad: what it does is its parameter `does`, as it comes on stdin. */
import { spawn } from 'node:child_process';
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const read = async () => JSON.parse((await lines.next()).value);
const tell = (line) => writeSync(1, `${typeof line === 'string' ? line : JSON.stringify(line)}\n`);

const deeds = {
  async walk({ x, steps = 5, pause = 0 }) {
    let state = { step: 0, at: Number(process.env.CORESWEEP_SEED) / 2 ** 32 };
    if (process.env.CORESWEEP_START === 'checkpoint')
      state = JSON.parse(Buffer.from((await read()).checkpoint, 'base64').toString());
    while (state.step < steps) {
      state.step++;
      state.at = x * ((state.at * 997) % 1);
      tell({ step: state.step, loss: state.at, learningRate: 'is not asked for' });
      tell({ checkpoint: Buffer.from(JSON.stringify(state)).toString('base64') });
      if (pause > 0) await sleep(pause);
    }
    tell({ save: Buffer.from(`model ${state.at}`).toString('base64') });
  },
  hurry({ x, steps = 5 }) {
    for (let step = 1; step <= steps; step++) {
      tell({ save: Buffer.of(step).toString('base64') });
      tell({ step, loss: x * step });
    }
  },
  'reports without steps': () => [3, 2, 1].map((loss) => tell({ loss })),
  'reports NaN': async () => {
    tell({ loss: 1 });
    tell('{"loss": NaN, "note": "NaN is no JSON"}');
    await sleep(1e6);
  },
  'exits with 3': () => {
    writeSync(2, 'planted: what went wrong\n');
    process.exit(3);
  },
  'is killed': () => process.kill(process.pid, 'SIGSEGV'),
  'is killed as for want of memory': () => process.kill(process.pid, 'SIGKILL'),
  'prints only text': () => tell('loss: 3'),
  'reports half': () => tell({ step: 1, loss: 'low' }),
  'reports the wrong step': () => tell({ step: 0, loss: 1 }),
  'prints text': () => {
    tell('line one');
    writeSync(2, 'by stderr\n');
    tell('{"other": 1}');
    tell('{not json}');
    tell({ loss: 1 });
  },
  'prints a gigabyte': () => {
    tell({ loss: 1 });
    const block = Buffer.alloc(2 ** 20, 'x');
    for (let block_ = 0; block_ < 1024; block_++) writeSync(1, block);
    writeSync(1, '\n');
    tell({ loss: 0.5 });
  },
  'ignores SIGTERM': async () => {
    process.on('SIGTERM', () => tell('SIGTERM'));
    tell({ loss: 1 });
    await sleep(1e6);
  },
  'has a child': async () => {
    const child = spawn('sleep', ['1000'], { stdio: 'inherit' });
    const grandchild = spawn('sh', ['-c', 'sleep 1000 & echo "grandchild $!"; wait'], { stdio: 'inherit' });
    tell(`children ${child.pid} ${grandchild.pid}`);
    tell({ loss: 1 });
    await sleep(1e6);
  },
  'leaves a child': () => {
    const child = spawn('sleep', ['1000'], { stdio: 'inherit' });
    tell(`children ${child.pid}`);
    tell({ loss: 1 });
    child.unref();
    process.exit(0);
  },
  'leaves a child that left the group': () => {
    const child = spawn('sleep', ['5'], { stdio: 'inherit', detached: true });
    tell({ loss: 1 });
    child.unref();
    process.exit(0);
  },
  'closes stdin': async () => {
    process.stdin.destroy();
    await sleep(20);
    for (let step = 1; step <= 3; step++) {
      tell({ step, loss: step });
      await sleep(20);
    }
  },
  'heeds stdin': async () => {
    tell({ loss: 1 });
    tell(await read());
  },
  silent: () => sleep(1e6),
  tells: async () => {
    const { CORESWEEP_SEED, CORESWEEP_TRIAL, CORESWEEP_REPLICATE, CORESWEEP_ROLE, CORESWEEP_ATTEMPT, OWN } =
      process.env;
    const start = process.env.CORESWEEP_START === 'artifact' ? (await read()).start : null;
    const more = { start, words: process.argv.slice(2), folder: process.cwd() };
    tell({
      CORESWEEP_SEED,
      CORESWEEP_TRIAL,
      CORESWEEP_REPLICATE,
      CORESWEEP_ROLE,
      CORESWEEP_ATTEMPT,
      OWN,
      ...more,
    });
    tell({ loss: 1 });
  },
};

const params = await read();
await deeds[params.does](params);
// Its stdin stays open, and would keep it waiting.
process.exit();
