/**
 * The machines of a run as rows, for terminal, report and dashboard: threads, how busy, what each does now, who was lost when.
 * Not here: what is counted of them (machines.ts).
 */
import type { Column } from '../words/column.ts';
import { printable } from '../words/printable.ts';
import type { MachineLine } from './machines.ts';

/** Of one that is over nothing but its numbers is shown. */
export const machineColumns: readonly Column<MachineLine>[] = [
  {
    ...{ key: 'machine', title: 'machine', align: 'left', value: ({ name }) => name },
    text: ({ name }) => printable(name),
  },
  { key: 'threads', title: 'threads', align: 'right', value: ({ threads }) => threads },
  {
    ...{ key: 'busy', title: 'busy', align: 'right', value: ({ busy }) => busy },
    text: ({ busy }) => (busy === null ? '' : `${(100 * busy).toFixed(0)} %`),
  },
  { key: 'ended', title: 'trials', align: 'right', value: ({ ended }) => ended },
  {
    ...{ key: 'lostTrials', title: 'lost', align: 'right', importance: 1, value: ({ lost }) => lost },
    visible: (lines) => lines.some(({ lost }) => lost > 0),
  },
  {
    ...{ key: 'state', title: 'now', align: 'left', value: ({ state }) => state, text: whereText },
    visible: (lines) => lines.some(({ state }) => state !== 'over'),
    paint: ({ state }) => (state === 'lost' ? 'red' : undefined),
  },
  {
    ...{ key: 'goneAt', title: 'gone at', align: 'left', value: ({ goneAt }) => goneAt },
    visible: () => false,
  },
  {
    ...{ key: 'now', title: 'at', align: 'left', visible: () => false },
    value: ({ now }) => now.map(({ role, number }) => (role === 'final' ? 'final' : number)).join(' '),
  },
];

/** Where a machine is: `trials 12, 13`, `lost at 19:52:13 UTC`. */
function whereText({ state, goneAt, now }: MachineLine): string {
  switch (state) {
    case 'there':
      return now.length === 0 ? 'idle' : trialsText(now);
    case 'left':
    case 'lost':
      return `${state} at ${goneAt?.slice(11, 19)} UTC`;
    case 'over':
      return '';
    default:
      return state satisfies never;
  }
}

/** More than these are counted. */
const mostNamed = 6;

function trialsText(trials: MachineLine['now']): string {
  const numbers = trials.flatMap(({ role, number }) => (role === 'search' ? [number] : []));
  if (numbers.length === 0) return 'final trial';
  const named = numbers.slice(0, mostNamed).join(', ');
  const more = numbers.length - mostNamed;
  return `trial${numbers.length === 1 ? '' : 's'} ${named}${more > 0 ? ` and ${more} more` : ''}`;
}
