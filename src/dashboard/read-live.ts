/** What running processes have written of their trials. Not here: results, and writing (live-file.ts). */
import { readFileSync, statSync } from 'node:fs';
import type { LiveSession, LiveTrial, Times } from '../findings/live.ts';
import type { MachinesNow } from '../findings/machines.ts';
import { liveFiles } from './live-files.ts';

/** A file that has not been written for so long belongs to a process that hangs or is gone. */
const silentAfterMs = 6000;

/** What the process that runs a sweep into `database` has written in the last seconds. */
export function readLive(database: string): LiveSession | undefined {
  return liveFiles(database)
    .map(({ path, isWhole }) => (isWhole ? contentOf(path) : undefined))
    .find((content) => content !== undefined);
}

/** Undefined for a file that is silent, gone in this moment, or not what it should be. */
function contentOf(path: string): LiveSession | undefined {
  try {
    if (Date.now() - statSync(path).mtimeMs > silentAfterMs) return undefined;
    return checkedContent(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}

function checkedContent(value: unknown): LiveSession | undefined {
  const content = value as Partial<LiveSession> | null;
  if (!areTimes(content) || !Array.isArray(content?.trials) || typeof content.threads !== 'number')
    return undefined;
  const trials = content.trials as readonly Partial<LiveTrial>[];
  const areWhole = trials.every(
    (trial) =>
      areTimes(trial) &&
      typeof trial.id === 'number' &&
      typeof trial.epochs === 'number' &&
      Array.isArray(trial.curve),
  );
  return areWhole && areMachines(content.machines) ? (content as LiveSession) : undefined;
}

const areMachines = (machines: Partial<MachinesNow> | undefined): boolean =>
  machines === undefined ||
  (typeof machines.age === 'number' && Array.isArray(machines.machines) && Array.isArray(machines.at));

const areTimes = (times: Partial<Times> | null): boolean =>
  typeof times?.elapsed === 'number' && (times.left === null || typeof times.left === 'number');
