/**
 * What is wrong with a definition that has an objective where its keys are looked at together; one that is faulty by itself is
 * passed over.
 */
import { shown } from '../errors.ts';
import type { Metric } from '../metric.ts';
import { objectiveShape } from './objective-shape.ts';
import { isRecord, type Part } from './shapes.ts';

export function faultsAcrossObjective(definition: Part): string[] {
  const { objective, metrics, limits, search, prune, space } = definition;
  const faults: string[] = [];
  // Runs of one without any are recorded, so the shape allows it.
  if (isRecord(space) && Object.keys(space).length === 0) {
    faults.push(
      'space must name a parameter at least, such as { alpha: [0.1, 1] }, but is empty; what is not to be varied is a list of one value.',
    );
  }
  const found = objectiveShape().shape.metrics.safeParse(metrics).data;
  const [first] = found ?? [];
  if (first?.goal === 'none') {
    faults.push(
      `the metric ${shown(first.name)} stands first and decides, so its goal must be "minimise" or "maximise", but is "none".`,
    );
  }
  const names = found?.map(({ name }) => name) ?? [];
  for (const name of new Set(names.filter((name, place) => names.indexOf(name) !== place))) {
    faults.push(`metrics must name each metric once, but names ${shown(name)} more than once.`);
  }
  faults.push(...frontFaults(search, prune, found ?? []));
  if (isRecord(objective) && 'command' in objective && isRecord(limits) && limits['memoryMb'] !== undefined) {
    faults.push(
      "limits.memoryMb bounds the thread of a function, and a command has a process of its own: take it out, or bound the process itself (command: [sh, -c, 'ulimit -v 1000000; exec ...']).",
    );
  }
  return faults;
}

/** Of a search by several metrics. */
function frontFaults(search: unknown, prune: unknown, metrics: readonly Metric[]): string[] {
  const { metrics: named, method } = objectiveShape().shape.search.safeParse(search).data ?? {};
  if (named === undefined) return [];
  const faults = named.flatMap((name, place) => {
    const goal = metrics.find((metric) => metric.name === name)?.goal;
    if (named.indexOf(name) < place) return [`search.metrics[${place}] names ${shown(name)} a second time.`];
    if (goal === 'minimise' || goal === 'maximise') return [];
    const what = goal === undefined ? 'is none of the metrics' : 'has the goal "none"';
    return [
      `search.metrics[${place}] must be a metric with the goal "minimise" or "maximise", but ${shown(name)} ${what}.`,
    ];
  });
  if (method === 'cma-es')
    faults.push('search.metrics is not for "cma-es", which follows one metric: choose "tpe".');
  if (isRecord(prune) && prune['method'] !== 'none')
    faults.push(
      'prune needs one metric to judge by, but search.metrics names several: take one of the two out.',
    );
  return faults;
}
