/**
 * What is asked for, and what is answered: one function a question.
 * Not here: who may ask (guard.ts), sockets (server.ts).
 */
import { recordedSpace } from '../experiment/recorded.ts';
import { importancesOf } from '../findings/importances.ts';
import { thinnedReports } from '../findings/thinned-reports.ts';
import { isNetworkRun } from '../store/results.ts';
import { functionsOf } from '../store/trial-model.ts';
import { weightsBytes } from '../train/weights-hash.ts';
import { triedBy } from '../words/measures.ts';
import type { CombinationsAnswer, FiguresAnswer, TrialAnswer, TrialsAnswer } from './answers.ts';
import { type Asked, BadRequest, oneOf, type Shown, summaryOf } from './asked.ts';
import { curves, mostPoints } from './curves.ts';
import { experiment } from './experiment.ts';
import { type Answer, bytes, fault, json, notFound } from './http-answer.ts';
import { data, pictures } from './rows.ts';
import { mostLines, trialQuery } from './trial-query.ts';

/** More values than this are a range: nobody looks for one of them. */
const mostValues = 60;
const mostLogCharacters = 50_000;

const routes = new Map<string, (asked: Asked) => Answer | Promise<Answer>>([
  ['experiments', experiment],
  ['experiments/trials', trials],
  ['experiments/combinations', combinations],
  ['experiments/curves', curves],
  ['experiments/figures', figures],
  ['experiments/data', data],
  ['experiments/pictures', pictures],
  ['trials', trial],
  ['trials/weights', weights],
]);

/** The answer to a path below /api, which is compared as it came: nothing in it is decoded. */
export async function answerTo(path: string, query: URLSearchParams, shown: Shown): Promise<Answer> {
  const [, kind, digits, question = ''] =
    /^\/api\/(experiments|trials)\/([1-9]\d{0,14})(\/[a-z]+)?$/.exec(path) ?? [];
  const route = routes.get(`${kind}${question}`);
  if (route === undefined) return notFound;
  const results = shown.source.results();
  if (results === undefined) return fault(404, 'There are no results yet.');
  const id = Number(digits);
  const experimentId = kind === 'trials' ? results.experimentOf(id) : id;
  const run = results.experiments().find((known) => known.id === experimentId);
  if (run === undefined) return notFound;
  try {
    return await route({ ...shown, results, query, id, run });
  } catch (error) {
    if (error instanceof BadRequest) return fault(400, error.message);
    throw error;
  }
}

function trials(asked: Asked): Answer {
  const { source, results, evidence, run, query } = asked;
  const summary = summaryOf(asked);
  if (summary === undefined) return notFound;
  const ready = source.state().experiments.find(({ id }) => id === run.id)?.ready ?? [];
  const parameters = results.parameters(run.id);
  const wanted = trialQuery(query, parameters, ready);
  const fronts = source.fronts(run, summary.revision);
  const isByRank = 'by' in wanted.sort && wanted.sort.by === 'rank';
  const sort = fronts && isByRank ? { fronts: fronts.byTrial } : wanted.sort;
  const { total, lines } = results.lines(run.id, { ...wanted, sort });
  const known = isNetworkRun(run) ? evidence.of(results, run, summary.revision) : undefined;
  const sure = lines.map((line) => ({
    ...{ ...line, front: fronts?.byTrial.get(line.id) ?? null },
    ...(known?.get(line.id) ?? { interval: null, p: null }),
  }));
  return json({
    ...{ total, lines: sure, revision: summary.revision },
    parameters: parameters.filter(({ values }) => values.length <= mostValues),
  } satisfies TrialsAnswer);
}

function combinations({ results, run }: Asked): Answer {
  const best = results.combinations(run.id).slice(0, mostLines);
  return json({ combinations: best } satisfies CombinationsAnswer);
}

function figures(asked: Asked): Answer {
  const { source, results, evidence, run } = asked;
  const summary = summaryOf(asked);
  if (summary === undefined) return notFound;
  const isRunning = source.state().experiments.some((one) => one.id === run.id && one.state === 'running');
  const done = () => results.ranked(run.id).filter((trial) => trial.state === 'done');
  const workOut = () => importancesOf({ tried: triedBy(run), done: done(), space: recordedSpace(run) });
  return json({
    done: results.doneColumns(run.id),
    importances: isRunning ? [] : evidence.importances(run.id, summary.revision, workOut),
    pruned: results.prunedSteps(run.id),
    spans: results.spans(run.id),
    sessions: results.sessions(run.id),
    machines: results.machines(run.id),
  } satisfies FiguresAnswer);
}

function trial({ results, run, id }: Asked): Answer {
  const found = results.trial(id);
  return json({
    experimentId: run.id,
    trial: found,
    copyOf: results.copies(run.id).get(id) ?? null,
    curve: thinnedReports(results, id, mostPoints),
    log: results.log(id)?.slice(-mostLogCharacters) ?? null,
    functions: functionsOf(run, found),
    sizes: results.weights(id, 'best')?.sizes ?? null,
  } satisfies TrialAnswer);
}

/** float32 little-endian, in the order weights1 (inputs x units), biases1, weights2, ... */
function weights({ results, id, query }: Asked): Answer {
  const found = results.weights(id, oneOf(query, 'kind', ['best', 'last'], 'best'));
  return found === undefined ? notFound : bytes(Buffer.from(weightsBytes(found.parameters)));
}
