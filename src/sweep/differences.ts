/** In which ways a second answer of a trial is not the recorded one, in words. Not here: how it was got (verify.ts). */
import { reportsOf } from '../execute/outcome.ts';
import { isThinned } from '../objective/curve.ts';
import type { Results } from '../store/results.ts';
import type { Artifact, Report, Trial, TrialOutcome } from '../trial.ts';
import { canonicalJson } from './identity.ts';

/** How reports are written. */
export interface ToldReports {
  readonly name: 'epoch' | 'step';
  /** Its values by name. */
  readonly of: (report: Report) => object;
}

type Fact = readonly [what: string, recorded: unknown, found: unknown];

/** @returns none where every bit is the same */
export function differences(
  results: Results,
  told: ToldReports,
  trial: Trial,
  outcome: TrialOutcome,
): string[] {
  if (outcome.state !== trial.state) {
    const reason = outcome.state === 'failed' ? ` (${outcome.reason})` : '';
    return [`it was ${trial.state}, but is ${outcome.state} now${reason}`];
  }
  const found = factsOf(results, told, trial, outcome)
    .filter(([, recorded, again]) => recorded !== again)
    .map(([what, recorded, again]) => `${what}: recorded ${recorded ?? 'none'}, now ${again ?? 'none'}`);
  const curve = firstDifference(results.reports(trial.id), reportsOf(outcome), told);
  return curve === undefined ? found : [...found, `curve: ${curve}`];
}

function factsOf(results: Results, told: ToldReports, trial: Trial, outcome: TrialOutcome): Fact[] {
  if (trial.state === 'diverged' && outcome.state === 'diverged')
    return [[`${told.name} of divergence`, trial.step, outcome.step]];
  if (!('result' in outcome && 'best' in trial)) return [];
  const { artifacts, best, last } = outcome.result;
  const text = (report: Report) => canonicalJson(told.of(report));
  const model = artifacts.find(({ kind }) => kind === 'bytes');
  return [
    ...artifacts.flatMap((artifact) => networkFacts(results, trial, artifact)),
    ['model', trial.artifacts.model, model?.kind === 'bytes' ? model.sha256 : undefined],
    [`best ${told.name}`, text(trial.best), text(best)],
    [`last ${told.name}`, text(trial.last), text(last)],
  ];
}

function networkFacts(results: Results, trial: Trial, artifact: Artifact): Fact[] {
  if (artifact.kind !== 'network' || !('artifacts' in trial)) return [];
  const { name, weights, correct } = artifact;
  const facts: Fact[] = [
    [`${name} weights`, trial.artifacts[name], weights.sha256],
    // What is stored must also be what was recorded of it.
    [`stored ${name} weights`, results.weights(trial.id, name)?.sha256, weights.sha256],
  ];
  const bits = (of: Uint8Array) => Buffer.from(of).toString('hex');
  // Databases of before version 3 have none.
  const recorded = results.correct(trial.id);
  if (recorded !== undefined && correct !== undefined)
    facts.push(['rows that its model gets right', bits(recorded), bits(correct)]);
  return facts;
}

function firstDifference(
  recorded: readonly Report[],
  found: readonly Report[],
  told: ToldReports,
): string | undefined {
  if (isThinned(recorded.length) && isThinned(found.length))
    return firstDifferent(within(recorded, found), within(found, recorded), told);
  if (recorded.length !== found.length)
    return `recorded ${recorded.length} ${told.name}s, now ${found.length}`;
  return firstDifferent(recorded, found, told);
}

/** Those at steps that the others have too. */
function within(reports: readonly Report[], others: readonly Report[]): readonly Report[] {
  const steps = new Set(others.map(({ step }) => step));
  return reports.filter(({ step }) => steps.has(step));
}

function firstDifferent(
  recorded: readonly Report[],
  found: readonly Report[],
  { name, of }: ToldReports,
): string | undefined {
  const text = (report: Report | undefined) => report && canonicalJson(of(report));
  const index = recorded.findIndex((report, at) => text(report) !== text(found[at]));
  if (index < 0) return undefined;
  return `${name} ${recorded[index]?.step} was ${text(recorded[index])}, but is ${text(found[index])}`;
}
