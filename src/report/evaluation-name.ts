/** What the rows that a phase watches are called. */
import type { Phase } from '../trial.ts';

/** What the rows that a phase watches are called. */
export const evaluationName = (phase: Phase): 'validation' | 'test' => (phase === 1 ? 'validation' : 'test');
