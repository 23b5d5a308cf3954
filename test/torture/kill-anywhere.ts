/** SIGKILL at random instants of small sweeps, and on from there, until one comes through. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { content, faults, leftovers } from './oracle.ts';
import { newDatabase, type SmallSweep, start } from './small-sweep.ts';

/** Kills one sweep at each of the given shares of its time (0 to 1), one after the other; returns what went wrong. */
export async function killedAt(small: SmallSweep, shares: readonly number[]): Promise<string[]> {
  const database = newDatabase(small.folder);
  const found: string[] = [];
  const acknowledged = new Map<number, string>();
  for (const share of shares) {
    const run = start({ ...small, database });
    await delay(share * small.ms);
    run.kill('SIGKILL');
    const ended = await run.ended;
    for (const [number, state] of ended.acknowledged) acknowledged.set(number, state);
    if (ended.signal === null && ended.code !== 0)
      found.push(`ended by itself with ${ended.code}: ${ended.err}`);
    if (existsSync(database)) found.push(...faultsAfterKill(database, acknowledged));
  }
  const last = await start({ ...small, database }).ended;
  if (last.code !== 0) found.push(`the last run ended with ${last.code}: ${last.err}`);
  const kept = content(database);
  if (kept !== small.expected) found.push(`the content differs:\n${kept}\ninstead of\n${small.expected}`);
  const files = leftovers(dirname(database));
  if (files.length > 0) found.push(`left behind: ${files.join(', ')}`);
  return found;
}

/** A kill before the schema was there leaves nothing to look at. */
function faultsAfterKill(database: string, acknowledged: ReadonlyMap<number, string>): string[] {
  try {
    return faults(database, acknowledged);
  } catch (error) {
    const isEmpty =
      acknowledged.size === 0 && /no such table|unable to open|file is not a database/.test(String(error));
    return isEmpty ? [] : [String(error)];
  }
}
