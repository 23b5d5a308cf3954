/**
 * What is asked for, and what is answered: one function a question.
 * Not here: who may ask (guard.ts), sockets (server.ts).
 */

import { recordedNetwork } from '../experiment/network.ts';
import { recordedDefinition, recordedJson } from '../experiment/recorded.ts';
import { largestEpochs } from '../experiment/trial-settings.ts';
import { figureMeasures } from '../figures/searched.ts';
import { areReplicated } from '../findings/combinations.ts';
import { importancesOf } from '../findings/importances.ts';
import { measuredRows } from '../findings/trial-predictions.ts';
import { mostMetrics } from '../metric.ts';
import { spaceOf } from '../space/definition.ts';
import type { Space } from '../space/space.ts';
import {
  type DashboardResults,
  type TrialQuery,
  type TrialSort,
  trialSorts,
  trialStates,
} from '../store/dashboard-results.ts';
import type { ParameterValues } from '../store/overview.ts';
import { type Experiment, isNetworkRun, type NetworkRun } from '../store/results.ts';
import { functionsOf } from '../store/trial-model.ts';
import type { Encoding } from '../train/encoding.ts';
import { weightsBytes } from '../train/weights-hash.ts';
import type { Report, Role, Trial } from '../trial.ts';
import { type Measure, triedBy, valueIn } from '../words/measures.ts';
import type {
  CombinationsAnswer,
  CurvePoint,
  CurvesAnswer,
  ExperimentAnswer,
  FaultAnswer,
  FiguresAnswer,
  PicturesAnswer,
  TrialAnswer,
  TrialsAnswer,
} from './answers.ts';
import type { Evidence } from './evidence.ts';
import { type Pictures, pictureBytes } from './pictures.ts';
import type { Source } from './source.ts';

export interface Answer {
  readonly status: 200 | 400 | 404 | 503;
  readonly type: 'application/json; charset=utf-8' | 'application/octet-stream';
  readonly body: string | Buffer;
}

/** Characters of a log, rows of the leaderboard in one answer, points of one curve and of a figure, curves in it, pictures in one answer: at most. */
const most = {
  lines: 500,
  points: 400,
  figurePoints: 6000,
  curves: 120,
  pictures: 1000,
  logCharacters: 50_000,
} as const;
/** Of the curves in a figure, this many are the best trials'. */
const bestCurves = 40;

const json = (value: unknown, status: Answer['status'] = 200): Answer => ({
  status,
  type: 'application/json; charset=utf-8',
  body: JSON.stringify(value),
});
const bytes = (body: Buffer): Answer => ({ status: 200, type: 'application/octet-stream', body });
const fault = (status: 400 | 404 | 503, error: string): Answer =>
  json({ error } satisfies FaultAnswer, status);
const notFound = fault(404, 'There is nothing here.');

/** A value in the address that is not allowed. */
class BadRequest extends Error {}

export interface Shown {
  readonly source: Source;
  readonly pictures: Pictures;
  readonly evidence: Evidence;
}

interface Asked extends Shown {
  readonly results: DashboardResults;
  readonly id: number;
  readonly query: URLSearchParams;
}

type Route = (asked: Asked) => Answer | Promise<Answer>;

const routes: readonly (readonly [RegExp, Route])[] = [
  [/^\/api\/experiments\/([1-9]\d{0,14})$/, experiment],
  [/^\/api\/experiments\/([1-9]\d{0,14})\/trials$/, trials],
  [/^\/api\/experiments\/([1-9]\d{0,14})\/combinations$/, combinations],
  [/^\/api\/experiments\/([1-9]\d{0,14})\/curves$/, curves],
  [/^\/api\/experiments\/([1-9]\d{0,14})\/figures$/, figures],
  [/^\/api\/experiments\/([1-9]\d{0,14})\/data$/, data],
  [/^\/api\/experiments\/([1-9]\d{0,14})\/pictures$/, pictures],
  [/^\/api\/trials\/([1-9]\d{0,14})$/, trial],
  [/^\/api\/trials\/([1-9]\d{0,14})\/weights$/, weights],
];

/** The answer to a path below /api, which is compared as it came: nothing in it is decoded. */
export async function answerTo(path: string, query: URLSearchParams, shown: Shown): Promise<Answer> {
  for (const [pattern, route] of routes) {
    const id = pattern.exec(path)?.[1];
    if (id === undefined) continue;
    const results = shown.source.results();
    if (results === undefined) return fault(404, 'There are no results yet.');
    try {
      return await route({ ...shown, results, query, id: Number(id) });
    } catch (error) {
      if (error instanceof BadRequest) return fault(400, error.message);
      throw error;
    }
  }
  return notFound;
}

const runOf = (results: DashboardResults, id: number): Experiment | undefined =>
  results.experiments().find((known) => known.id === id);

function experiment({ results, id }: Asked): Answer {
  const summary = results.summaries().find((known) => known.id === id);
  const row = runOf(results, id);
  if (summary === undefined || row === undefined) return notFound;
  const definition = Object(recordedJson(row)) as Definition;
  return json({
    ...summary,
    definition: row.definition,
    parameters: results.parameters(id),
    space: spaceIn(row) ?? null,
    isReplicated: areReplicated(results.combinations(id)),
    epochs: (isNetworkRun(row) ? longestOf(row) : undefined) ?? definition.training?.epochs ?? null,
    finalEpochs: definition.final?.epochs ?? null,
    hidden: (definition.space?.['hidden'] === undefined ? definition.model?.hidden : undefined) ?? [],
    pixels: definition.data?.pixels ?? '0-1',
    rows: rowsAre(definition.data?.source),
    classNames: (JSON.parse(row.encoding ?? '{}') as Partial<Encoding>).classes ?? null,
    published: {
      validationAccuracy: definition.published?.validationAccuracy ?? null,
      testAccuracy: definition.published?.testAccuracy ?? null,
    },
  } satisfies ExperimentAnswer);
}

/** The epochs of the longest trial; undefined where this version cannot read the definition. */
function longestOf(row: NetworkRun): number | undefined {
  const experiment = recordedNetwork(row);
  return experiment && largestEpochs(experiment);
}

/** The part of a definition that is shown; an older program may have stored less. */
interface Definition {
  readonly training?: { readonly epochs?: number };
  readonly final?: { readonly epochs?: number };
  readonly model?: { readonly hidden?: readonly number[] };
  readonly space?: Readonly<Record<string, unknown>>;
  readonly published?: { readonly validationAccuracy?: number; readonly testAccuracy?: number };
  readonly data?: { readonly pixels?: '0-1' | 'raw'; readonly source?: string };
}

function rowsAre(source: string | undefined): ExperimentAnswer['rows'] {
  if (source === 'csv' || source === 'arrays') return 'table';
  return source === 'idx' ? 'pictures' : 'digits';
}

function trials({ results, evidence, id, query }: Asked): Answer {
  const summary = results.summaries().find((known) => known.id === id);
  const row = runOf(results, id);
  if (summary === undefined || row === undefined) return notFound;
  const wanted = trialQuery(query, results.parameters(id));
  const { total, lines } = results.lines(id, wanted);
  const known = isNetworkRun(row) ? evidence.of(results, row, summary.revision) : undefined;
  const sure = lines.map((line) => ({ ...line, ...(known?.get(line.id) ?? { interval: null, p: null }) }));
  return json({ total, lines: sure, revision: summary.revision } satisfies TrialsAnswer);
}

function combinations({ results, id }: Asked): Answer {
  if (runOf(results, id) === undefined) return notFound;
  const all = results.combinations(id).slice(0, most.lines);
  return json({ combinations: all } satisfies CombinationsAnswer);
}

/** Reads ?sort=metric.1&order=descending&state=done&is.batchSize=128&from=0&count=100, all of it optional. */
function trialQuery(query: URLSearchParams, parameters: readonly ParameterValues[]): TrialQuery {
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
    state: state === 'any' ? undefined : (state as Trial['state']),
    values: new Map(values),
    from: whole(query, 'from', 0, Number.MAX_SAFE_INTEGER, 0),
    count: whole(query, 'count', 1, most.lines, 100),
  };
}

function sortOf(by: string): TrialQuery['sort'] {
  if (by.startsWith('parameter.')) return { parameter: by.slice('parameter.'.length) };
  return by.startsWith('metric.') ? { metric: Number(by.slice('metric.'.length)) } : { by: by as TrialSort };
}

function curves({ results, id, query }: Asked): Answer {
  const run = runOf(results, id);
  if (run === undefined) return notFound;
  const role = oneOf(query, 'role', ['search', 'final'], 'search') as Role;
  const ids = results.rankedIds(id, role);
  const chosen = sample(ids, bestCurves, most.curves);
  const pointsEach = Math.min(most.points, Math.ceil(most.figurePoints / Math.max(1, chosen.length)));
  const first = ids[0] === undefined ? undefined : results.trial(ids[0]);
  const drawn = figureMeasures(triedBy(run));
  return json({
    role,
    total: ids.length,
    curves: chosen.map((trialId) => {
      const { number, params, state } = results.trial(trialId);
      const points = results.thinnedReports(trialId, pointsEach).map((report) => pointOf(drawn, report));
      return { id: trialId, number, state, params, points };
    }),
    winner: first?.state === 'done' ? { number: first.number, bestStep: first.best.step } : null,
  } satisfies CurvesAnswer);
}

/** With as many digits as a screen can show. */
const pointOf = (drawn: readonly Measure[], report: Report): CurvePoint => [
  report.step,
  ...drawn.map((measure) => Number(valueIn(measure, report).toPrecision(6))),
];

function spaceIn(run: Experiment): Space | undefined {
  const definition = recordedDefinition(run);
  return definition && spaceOf(definition.space);
}

function figures({ source, results, evidence, id }: Asked): Answer {
  const summary = results.summaries().find((known) => known.id === id);
  const run = runOf(results, id);
  if (summary === undefined || run === undefined) return notFound;
  const isRunning = source.state().experiments.some((one) => one.id === id && one.state === 'running');
  const done = () => results.ranked(id).filter((trial) => trial.state === 'done');
  const workOut = () => importancesOf({ tried: triedBy(run), done: done(), space: spaceIn(run) });
  return json({
    done: results.doneColumns(id),
    importances: isRunning ? [] : evidence.importances(id, summary.revision, workOut),
    pruned: results.prunedSteps(id),
    spans: results.spans(id),
    sessions: results.sessions(id),
    machines: results.machines(id),
  } satisfies FiguresAnswer);
}

/** The first `best` of a list, and an even sample of the others: `size` at most. */
export function sample<Item>(items: readonly Item[], best: number, size: number): Item[] {
  if (items.length <= size) return [...items];
  const others = items.slice(best);
  const step = others.length / (size - best);
  const sampled = Array.from({ length: size - best }, (_, i) => others[Math.floor(i * step)] as Item);
  return [...items.slice(0, best), ...sampled];
}

function trial({ results, id }: Asked): Answer {
  const experimentId = results.experimentOf(id);
  const run = experimentId === undefined ? undefined : runOf(results, experimentId);
  if (run === undefined) return notFound;
  const found = results.trial(id);
  return json({
    experimentId: run.id,
    trial: found,
    curve: results.thinnedReports(id, most.points),
    log: results.log(id)?.slice(-most.logCharacters) ?? null,
    functions: functionsOf(run, found),
    sizes: results.weights(id, 'best')?.sizes ?? null,
  } satisfies TrialAnswer);
}

/** float32 little-endian, in the order weights1 (inputs x units), biases1, weights2, ... */
function weights({ results, id, query }: Asked): Answer {
  const kind = oneOf(query, 'kind', ['best', 'last'] as const, 'best');
  const found = results.experimentOf(id) === undefined ? undefined : results.weights(id, kind);
  return found === undefined ? notFound : bytes(Buffer.from(weightsBytes(found.parameters)));
}

async function data(asked: Asked): Promise<Answer> {
  const found = await picturesOf(asked);
  if (found === undefined) return notFound;
  if ('reason' in found) return json({ available: false, reason: found.reason } satisfies PicturesAnswer);
  const { encoding, classes, inputs, validation, test } = found.data;
  const shape =
    encoding.kind === 'pictures'
      ? { rows: encoding.rows, columns: encoding.columns, scaling: encoding.pixels }
      : { rows: 1, columns: inputs, scaling: 'float32' as const };
  const counts = { validation: validation.to - validation.from, test: test ? test.to - test.from : 0 };
  return json({ available: true, ...shape, classes, ...counts } satisfies PicturesAnswer);
}

async function pictures(asked: Asked): Promise<Answer> {
  const { query } = asked;
  const rows = oneOf(query, 'rows', ['validation', 'test'] as const, 'validation');
  const replicate = whole(query, 'replicate', 0, Number.MAX_SAFE_INTEGER, 0);
  const from = whole(query, 'from', 0, Number.MAX_SAFE_INTEGER, 0);
  const count = whole(query, 'count', 1, most.pictures, most.pictures);
  const found = await picturesOf(asked);
  if (found === undefined || 'reason' in found) return notFound;
  const role = rows === 'test' ? 'final' : 'search';
  return bytes(pictureBytes(found.data, measuredRows(found.data, { role, replicate }), from, count));
}

function picturesOf({ results, pictures, id }: Asked): ReturnType<Pictures['of']> | undefined {
  const row = runOf(results, id);
  return row && isNetworkRun(row)
    ? pictures.of(Object(recordedJson(row)) as Definition, row.dataHash)
    : undefined;
}

function oneOf<const Name extends string>(
  query: URLSearchParams,
  key: string,
  names: readonly Name[],
  otherwise: Name,
): Name {
  const given = query.get(key) ?? otherwise;
  const name = names.find((known) => known === given);
  if (name === undefined) throw new BadRequest(`${key} must be one of ${names.join(', ')}.`);
  return name;
}

function whole(query: URLSearchParams, key: string, min: number, max: number, otherwise: number): number {
  const given = query.get(key) ?? String(otherwise);
  const value = /^\d{1,16}$/.test(given) ? Number(given) : Number.NaN;
  if (!(value >= min && value <= max))
    throw new BadRequest(`${key} must be a whole number from ${min} to ${max}.`);
  return value;
}
