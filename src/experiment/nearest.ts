/** The name that was probably meant. */
import { closest, distance } from 'fastest-levenshtein';

/** The known name that was probably meant; undefined where none is near. */
export function nearest(given: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const begun = known.filter((name) => name.toLowerCase().startsWith(given.toLowerCase()));
  if (given.length > 2 && begun.length === 1) return begun[0];
  const name = closest(given, known);
  const edits = distance(given.toLowerCase(), name.toLowerCase());
  return edits < given.length && edits <= Math.max(2, given.length / 3) ? name : undefined;
}
