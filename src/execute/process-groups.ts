/**
 * Process groups: a program, and all that it has started and that has not left its group.
 * Not here: what they are for. On Windows, which has none, the program alone is ended.
 */

/** The groups that are not known to have ended. */
const alive = new Set<number>();

/** Keeps a group in mind, so that it does not outlive this process where that exits. */
export function mind(group: number): void {
  if (alive.size === 0) process.on('exit', endAll);
  alive.add(group);
}

/** Ends what is left of a group, and forgets it. */
export function endGroup(group: number): void {
  signalGroup(group, 'SIGKILL');
  alive.delete(group);
  if (alive.size === 0) process.off('exit', endAll);
}

/** Sends a signal to all of a group. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(process.platform === 'win32' ? group : -group, signal);
  } catch {
    // The group has no processes left.
  }
}

function endAll(): void {
  for (const group of alive) signalGroup(group, 'SIGKILL');
}
