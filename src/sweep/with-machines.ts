/** Commits that also record who works for a run, whenever that has changed. Not here: how many writes are one (group-commit.ts). */
import type { Executor } from '../execute/executor.ts';
import type { Machine } from '../machine.ts';
import type { Store } from '../store/store.ts';
import type { Commit } from './group-commit.ts';

/** `commit` itself where there is this machine alone. */
export function withMachines(
  commit: Commit,
  executor: Pick<Executor, 'machines'>,
  store: Pick<Store, 'recordMachines'>,
): Commit {
  if (executor.machines === undefined) return commit;
  let recorded: readonly Machine[] | undefined;
  return async (act) => {
    const present = executor.machines?.() ?? [];
    const answer = await commit(() => {
      if (present !== recorded) store.recordMachines(present);
      return act();
    });
    recorded = present;
    return answer;
  };
}
