/** What the rows that a phase watches are called. */
import type { Role } from '../trial.ts';

/** What the rows that a phase watches are called. */
export const evaluationName = (role: Role): 'validation' | 'test' =>
  role === 'search' ? 'validation' : 'test';
