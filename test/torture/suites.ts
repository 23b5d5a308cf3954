import { chains, kills } from './kills.ts';
import type { Suite } from './suite.ts';
import { diskErrors, killsAtCalls } from './system-calls.ts';

/** Every suite of `npm run torture`. */
export const suites: Readonly<Record<string, Suite>> = {
  kills,
  chains,
  'kills-at-calls': killsAtCalls,
  'disk-errors': diskErrors,
};
