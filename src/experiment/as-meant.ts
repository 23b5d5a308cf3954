/**
 * A definition with its misspelt keys as they were meant: what a misspelt key holds is not missing.
 * Not here: which key was meant (nearest.ts).
 */
import type { Fault } from './shape-faults.ts';
import { isRecord } from './shapes.ts';

/** The same value with each misspelt key under the name that was meant; without it where that has a value already. */
export function asMeant(value: unknown, misspelt: readonly Fault[]): unknown {
  const within = Map.groupBy(misspelt, ({ path }) => path[0]);
  const inner = (step: string | number) => (within.get(step) ?? []).map(stepInto);
  if (Array.isArray(value)) return value.map((item, i) => (within.has(i) ? asMeant(item, inner(i)) : item));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, held]) => {
      const [fault] = within.get(key) ?? [];
      if (fault?.meant === undefined) return [[key, held]];
      if (fault.path.length > 1) return [[key, asMeant(held, inner(key))]];
      return fault.meant in value ? [] : [[fault.meant, held]];
    }),
  );
}

const stepInto = ({ path, ...fault }: Fault): Fault => ({ ...fault, path: path.slice(1) });
