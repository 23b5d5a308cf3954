/**
 * The dashboard beside a sweep, as a process of its own: what a page asks for never takes a turn from the sweep's thread.
 * Not here: the dashboard (dashboard.ts).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type { Terminal } from './command.ts';

export interface DashboardProcess extends Disposable {
  /** Resolves when somebody has ended the dashboard, or `signal` is aborted. */
  untilEnded(signal: AbortSignal): Promise<void>;
}

/**
 * Starts it and tells its address. A dashboard that cannot start says why on its own; the sweep goes on without it.
 * @param base what relative paths of the definition start from
 */
export async function startDashboardProcess(
  database: string,
  base: string,
  { err }: Terminal,
): Promise<DashboardProcess> {
  const [, program = ''] = process.argv;
  const open = err.isTTY && !process.env['CI'] ? 'yes' : 'no';
  const args = [...process.execArgv, program, 'dashboard', '--db', database, '--base', base, '--open', open];
  // By the channel it knows when this process is gone, even killed, and ends too.
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  child.channel?.unref();
  const ended = once(child, 'exit').catch(() => []);
  const lines = createInterface({ input: child.stdout as Readable });
  const first = await Promise.race([once(lines, 'line'), ended.then(() => [undefined])]);
  if (typeof first[0] === 'string') {
    err.write(`dashboard: ${first[0]}\nCtrl-C stops the run and ends its dashboard.\n`);
  }
  return {
    async untilEnded(signal) {
      const aborted = new Promise<void>((resolve) => {
        if (signal.aborted) resolve();
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
      await Promise.race([ended, aborted]);
    },
    [Symbol.dispose]: () => {
      child.kill();
    },
  };
}
