/** What the rows are called that a network is measured on. */
import type { Role } from '../trial.ts';

/** What the rows are called that a network is measured on. */
export const evaluationName = (role: Role): 'validation' | 'test' =>
  role === 'search' ? 'validation' : 'test';
