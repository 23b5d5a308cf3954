/**
 * Process groups: a program, and all that it has started and that has not left its group.
 * Not here: what they are for. On Windows, which has none, the program alone is ended.
 */
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';

/** The groups that are not known to have ended. */
const alive = new Set<number>();

/** Ends the groups that it was told of, and not told of again, once its stdin is closed: so even SIGKILL closes it. */
const guardScript = `groups=' '
while read -r how id; do case $how in
  +) groups="$groups$id " ;;
  -) groups="\${groups%% "$id" *} \${groups#* "$id" }" ;;
esac; done
for id in $groups; do kill -9 "-$id"; done`;

/** What the guard reads; undefined before the first group, and where there is no guard. */
let guard: Socket | undefined;

/** Keeps a group in mind, so that it does not outlive this process, however that ends. */
export function mind(group: number): void {
  if (alive.size === 0) process.on('exit', endAll);
  alive.add(group);
  guard ??= startGuard();
  guard?.write(`+ ${group}\n`);
}

/** A shell in a group of its own, which no signal meant for this process reaches. */
function startGuard(): Socket | undefined {
  if (process.platform === 'win32') return undefined;
  const shell = spawn('sh', ['-c', guardScript], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  // Without it, whoever ends this process by force ends the groups as well.
  shell.on('error', () => {});
  shell.unref();
  // Where too many files are open there is none, whatever the types say, and the next group starts a guard.
  const stdin = shell.stdin as Socket | undefined;
  stdin?.on('error', () => {}).unref();
  return stdin;
}

/** Ends what is left of a group, and forgets it. */
export function endGroup(group: number): void {
  signalGroup(group, 'SIGKILL');
  alive.delete(group);
  guard?.write(`- ${group}\n`);
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
