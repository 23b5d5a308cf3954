/** Which trials of the leaderboard an address asks for. */
import { mostMetrics } from '../metric.ts';
import type { ParameterValues } from '../store/overview.ts';
import { trialStates } from '../store/summaries.ts';
import { type TrialQuery, type TrialSort, trialSorts } from '../store/trial-page.ts';
import { BadRequest, oneOf, whole } from './asked.ts';

/** Rows in one answer. */
export const mostLines = 500;

/** Reads ?sort=metric.1&order=descending&state=done&is.batchSize=128&from=0&count=100, all of it optional. */
export function trialQuery(
  query: URLSearchParams,
  parameters: readonly ParameterValues[],
  ready: readonly number[],
): TrialQuery {
  const names = parameters.map(({ name }) => `parameter.${name}`);
  const measured = Array.from({ length: mostMetrics }, (_, place) => `metric.${place}`);
  const by = oneOf(query, 'sort', [...trialSorts, ...measured, ...names], 'rank');
  const values = parameters.flatMap(({ name, values }) => {
    const given = query.get(`is.${name}`);
    const value = values.find((known) => JSON.stringify(known) === given);
    if (given !== null && value === undefined) throw new BadRequest('No trial has such a value.');
    return value === undefined ? [] : [[name, value] as const];
  });
  const state = oneOf(query, 'state', ['any', ...trialStates], 'any');
  return {
    sort: sortOf(by),
    descending: oneOf(query, 'order', ['ascending', 'descending'], 'ascending') === 'descending',
    state: state === 'any' ? undefined : state,
    ready,
    values: new Map(values),
    from: whole(query, 'from', 0, Number.MAX_SAFE_INTEGER, 0),
    count: whole(query, 'count', 1, mostLines, 100),
  };
}

function sortOf(by: string): TrialQuery['sort'] {
  if (by.startsWith('parameter.')) return { parameter: by.slice('parameter.'.length) };
  return by.startsWith('metric.') ? { metric: Number(by.slice('metric.'.length)) } : { by: by as TrialSort };
}
