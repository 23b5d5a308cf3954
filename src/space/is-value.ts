/** What can be a parameter's value, whatever the space. */
import type { Value } from '../trial.ts';

/** Finite numbers, texts, booleans, and lists of them. */
export function isValue(value: unknown): value is Value {
  if (Array.isArray(value)) return value.every(isValue);
  return typeof value === 'number'
    ? Number.isFinite(value)
    : typeof value === 'string' || typeof value === 'boolean';
}
