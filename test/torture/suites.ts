import { chains, kills } from './kills.ts';
import type { Suite } from './suite.ts';

/** Every suite of `npm run torture`. */
export const suites: Readonly<Record<string, Suite>> = { kills, chains };
