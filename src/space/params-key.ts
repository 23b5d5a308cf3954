/**
 * One text for equal parameters.
 * Alone in its file because browsers load it, and a module that the package's declarations reach may import types alone.
 */
import type { Params } from '../trial.ts';

/** Equal for equal parameters, in whatever order they stand. */
export function paramsKey(params: Params): string {
  const names = Object.keys(params).sort();
  return JSON.stringify(names.map((name) => [name, params[name]]));
}
