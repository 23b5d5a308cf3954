/** Why a worker cannot serve a run, in words for the people on both sides. Pure. */
import type { StudyCard, WorkerCard } from './messages.ts';

/** Undefined where it can. */
export function misfit(worker: WorkerCard, study: StudyCard): string | undefined {
  const { service } = study;
  if (worker.protocol !== study.protocol)
    return `the worker speaks version ${worker.protocol} of the queue's protocol (coresweep ${worker.version}), and the run version ${study.protocol} (coresweep ${study.version}). Install the same coresweep on both`;
  if (worker.version !== study.version)
    return `the worker is coresweep ${worker.version}, and the run coresweep ${study.version}, which may give other bits. Install the same coresweep on both`;
  switch (service.kind) {
    case 'network':
      return worker.arithmetic === service.hash
        ? undefined
        : `the worker's arithmetic (${worker.arithmetic.slice(0, 12)}, coresweep ${worker.version}) is not the run's (${service.hash.slice(0, 12)}, coresweep ${study.version}), so that its bits would be others. Install the same coresweep on both`;
    case 'objective':
      return worker.objectives.some(({ hash }) => hash === service.hash)
        ? undefined
        : `the run's objective (${service.hash.slice(0, 12)}) is none of those that the worker allows (${worker.objectives.map(({ name, hash }) => `${name} ${hash.slice(0, 12)}`).join(', ') || 'none'}). Copy the definition, with the files that it imports, to the worker's machine, and start the worker with --allow and its name`;
    default:
      return service.kind satisfies never;
  }
}
