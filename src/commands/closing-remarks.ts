/** What a person may want to do once a run is over: have its report drawn, go on with it, or give it more trials. */
import type { Experiment } from '../experiment/schema.ts';
import type { BudgetOptions } from '../sweep/budget.ts';
import type { SweepResult } from '../sweep/sweep.ts';
import { shellQuoted } from '../words/shell-word.ts';
import { databaseOption, formatOption } from './options.ts';
import type { RunArguments } from './run-definition.ts';

/** @param isDrawn whether a run of this kind has a report @param program what coresweep is called here */
export function closingRemarks(
  args: RunArguments,
  { search }: Experiment,
  { experimentId, state, trials }: SweepResult,
  isDrawn: boolean,
  program: string,
): string[] {
  const command = (words: readonly string[]) => `${program} ${words.map(shellQuoted).join(' ')}`;
  if (state === 'stopped') return [`Stopped. To go on: ${command(resumingWords(args))}`];
  const remarks: string[] = [];
  if (!isDrawn) {
    const which = ['--experiment', String(experimentId)];
    const words = ['report', ...which, ...given('--db', args.db, databaseOption.default)];
    remarks.push(`No report was drawn of the search alone. To draw it: ${command(words)}`);
  }
  if (trials.length === search.trials) {
    const had = trials.length === 1 ? 'only trial' : `${trials.length} trials`;
    remarks.push(`The search has had its ${had} (search.trials); with more, it goes on.`);
  }
  return remarks;
}

/** The arguments that go on with the run that these ran; a fresh one would begin anew. */
function resumingWords(args: RunArguments): string[] {
  return [
    'run',
    args.definition,
    ...given('--db', args.db, databaseOption.default),
    ...given('--threads', args.threads),
    ...given('--workers', args.workers && unlessSecret(args.workers)),
    ...(args.insecure ? ['--insecure'] : []),
    ...given('--seed', args.seed),
    ...args.set.flatMap((override) => ['--set', override]),
    ...given('--phase', args.phase),
    ...given('--max-trials', args['max-trials']),
    ...(args['same-code'] ? ['--same-code'] : []),
    ...given('--stop-after', wordOf(args['stop-after'])),
    ...given('--format', args.format, formatOption.default),
    ...(args.wide ? ['--wide'] : []),
  ];
}

/** An address, unless a password stands in it. */
const unlessSecret = (address: string): string => (new URL(address).password === '' ? address : '…');

const wordOf = (budget: BudgetOptions | undefined): string | undefined =>
  budget && (budget.seconds === undefined ? String(budget.trials) : `${budget.seconds}s`);

const given = (option: string, value: unknown, usual?: unknown): string[] =>
  value === undefined || value === usual ? [] : [option, String(value)];
