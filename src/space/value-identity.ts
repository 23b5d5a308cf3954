/** When two values of a parameter are the same one; browsers load this file too. */
import type { Value } from '../trial.ts';

/** Equal for equal values, lists included, and for no others. */
export const identityOf = (value: Value): string | number | boolean =>
  typeof value === 'number' || typeof value === 'boolean' ? value : JSON.stringify(value);
