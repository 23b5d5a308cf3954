/** One trial in words: what it was, what it came to, and its curve drawn with characters. */
import { recordedNetwork } from '../experiment/network.ts';
import { areReplicated, spreadOf } from '../findings/combinations.ts';
import { evaluationRows } from '../findings/definition.ts';
import { type Stay, staysOf } from '../findings/machines.ts';
import { type Standings, standingsOf } from '../findings/standings.ts';
import { metricFacts, type Quantity } from '../metric.ts';
import type { Experiment, Results } from '../store/results.ts';
import type { Report, Trial } from '../trial.ts';
import { evaluationName } from '../words/evaluation-name.ts';
import { isLikeWinner, likeWinner } from '../words/likeness.ts';
import {
  deciding,
  drawnMeasures,
  type Measure,
  meanText,
  measureText,
  shortTitle,
  type Tried,
  tellsClasses,
  titleIn,
} from '../words/measures.ts';
import { reportTexts } from '../words/result-text.ts';
import { printable, wrapped } from '../words/text.ts';
import { type StateNow, stateColour, stateText } from '../words/trial-state.ts';
import { copyText, countText, pSentence, secondsText, settingsText, timeText } from '../words/units.ts';
import { axisOf, valuesOn } from './on-axis.ts';
import { chartWidth, inColour, type Paper } from './paper.ts';
import { textChart } from './text-chart.ts';

/** What is shown of a trial beside its curve. */
export interface TrialStory {
  readonly trial: Trial;
  readonly state: StateNow;
  readonly tried: Tried;
  /** How many rows the trial was measured on, where it is a network. */
  readonly rows: number | undefined;
  /** Whether the run has ended: until then its best trial has not won. */
  readonly isOver: boolean;
  /** Among all trials of the search; undefined for a final training. */
  readonly standings: Standings | undefined;
  readonly reports: readonly Report[];
  /** Bytes of the model that it has saved; undefined without one. */
  readonly modelBytes: number | undefined;
  /** Lines that it has written. */
  readonly logLines: number;
  /** Where it was, in a run on several machines. */
  readonly stays: readonly Stay[];
}

export function trialStory(
  results: Results,
  run: Experiment,
  tried: Tried,
  trial: Trial,
  state: StateNow = trial.state,
): TrialStory {
  const model =
    'artifacts' in trial && trial.artifacts.model ? results.artifact(trial.id, 'model') : undefined;
  return {
    ...{ trial, state, tried, reports: results.reports(trial.id), isOver: run.state === 'done' },
    rows: tried.kind === 'network' ? evaluationRows(recordedNetwork(run), trial.role) : undefined,
    standings: trial.role === 'search' && trial.state === 'done' ? standingsOf(results, run) : undefined,
    modelBytes: model?.kind === 'bytes' ? model.bytes.length : undefined,
    logLines: (results.log(trial.id) ?? '').split('\n').length - 1,
    stays: staysOf(trial.id, { machines: results.machines(run.id), stints: results.stints(run.id) }),
  };
}

/** The trial in lines of the paper's width. */
export function trialText(story: TrialStory, paper: Paper): string[] {
  const told = headline(story, paper).map((line) => wrapped(line, paper.width, '  '));
  const { reports } = story;
  // Of one report a chart would show a dot.
  const isDrawn = story.tried.kind === 'network' || reports.length > 1;
  return isDrawn ? [...told, ...charts(story, paper).flatMap((lines) => ['', ...lines])] : told;
}

function charts({ tried, trial, reports }: TrialStory, paper: Paper): string[][] {
  const axis = reports.length === 0 ? undefined : axisOf(tried.step, [reports]);
  const curve = (name: string, measure: Measure | undefined) =>
    measure && { name, values: axis === undefined ? [] : valuesOn(axis, reports, measure) };
  const common = { axis, width: chartWidth(paper), height: 10 };
  const ofNetwork = (quantities: readonly Quantity[]) =>
    quantities.map((quantity) => {
      const named = (start: string) =>
        tried.measures.find(({ key, written }) => key.startsWith(start) && written === quantity) as Measure;
      const measure = named('validation');
      return textChart({
        ...{
          ...common,
          title: shortTitle(tried, measure),
          format: (value: number) => measureText(measure, value),
        },
        solid: { name: '', values: [], ...curve(evaluationName(trial.role), measure) },
        dotted: curve('training', named('training')),
      });
    });
  return tried.kind === 'network'
    ? ofNetwork(tellsClasses(tried) ? ['loss', 'accuracy'] : ['rmse', 'r2'])
    : drawnMeasures(tried).map((measure) =>
        textChart({
          ...{ ...common, title: measure.title, format: (value: number) => measureText(measure, value) },
          solid: { name: '', values: [], ...curve('', measure) },
        }),
      );
}

function headline(story: TrialStory, paper: Paper): string[] {
  const { trial, tried } = story;
  const name = trial.role === 'search' ? `trial ${trial.number}` : 'final training';
  // Of a failure the first line says what it was, and the others where, or what was printed.
  const [what = '', ...where] = stateText(trial, tried.step, story.state).split('\n').map(printable);
  const state = inColour(what, stateColour(trial), paper);
  const time = 'best' in trial ? timeText(trial.seconds) : '';
  return [
    `${name}: ${settingsText(trial, tried, trial.role)}, ${state}${time && ` in ${time}`}`,
    ...where,
    ...resultLines(story),
    ...replicatesLine(story),
    ...againstWinner(story),
    ...placeLine(story),
    ...copyLine(story),
    ...artifactLine(story),
    ...staysLine(story),
    ...(story.logLines === 0
      ? []
      : [`log: ${countText(story.logLines)} ${story.logLines === 1 ? 'line' : 'lines'}, which --log shows`]),
  ];
}

function resultLines({ trial, tried, rows }: TrialStory): string[] {
  if (!('best' in trial)) return [];
  const isSearch = trial.role === 'search';
  const at = (title: string, report: Report, isHeadline: boolean) =>
    `${title} (${tried.step} ${report.step}): ${reportTexts(tried, trial.role, report, isHeadline ? rows : undefined).join(', ')}`;
  const { best, last } = trial;
  if (tried.kind === 'objective' && best.step === last.step)
    return [
      last.step === 1 ? reportTexts(tried, trial.role, last).join(', ') : at('best and last', last, true),
    ];
  const peak = tried.kind === 'network' ? metricFacts[tried.metric].extreme : 'best';
  return [at('last', last, !isSearch), at(isSearch ? 'best' : peak, best, isSearch)];
}

/** The combination of which it is one replicate; undefined where nothing is trained more than once. */
const combinationOf = ({ trial, standings }: Pick<TrialStory, 'trial' | 'standings'>) =>
  standings !== undefined && areReplicated(standings.combinations)
    ? standings.combinations.find(({ params }) => JSON.stringify(params) === JSON.stringify(trial.params))
    : undefined;

/** `mean of 3 replicates: error 0.12345 ± 0.00210` */
function replicatesLine({ trial, tried, standings }: TrialStory): string[] {
  const own = combinationOf({ trial, standings });
  const measure = deciding(tried);
  const spread = own && spreadOf(measure, own);
  if (own === undefined || spread === undefined) return [];
  return [
    `mean of ${own.done} ${tried.replicateName}s: ${titleIn(tried, measure, trial.role)} ${meanText(measure, spread)}`,
  ];
}

/** Who leads; of metrics that count alike on which front it is. */
function placeLine({ trial, standings, isOver }: TrialStory): string[] {
  const row = standings?.trials.find((one) => one.trial.id === trial.id);
  if (row?.front !== undefined) {
    const combination = combinationOf({ trial, standings });
    const { front } = combination ?? row;
    const what = combination === undefined ? '' : 'its combination is ';
    return front == null
      ? []
      : [`${what}on ${front === 1 ? 'the Pareto front (front 1)' : `front ${front}`}`];
  }
  return row?.rank === 1 ? [isOver ? 'the winner' : 'the best so far'] : [];
}

/** A copy was not run: its point had a result. */
function copyLine({ trial, standings }: TrialStory): string[] {
  const { copyOf } = standings?.trials.find((one) => one.trial.id === trial.id) ?? {};
  return copyOf === undefined ? [] : [copyText(copyOf)];
}

function againstWinner({ trial, standings, isOver }: TrialStory): string[] {
  const p = standings?.trials.find((row) => row.trial.id === trial.id)?.p;
  if (p === undefined) return [];
  const likeness = isLikeWinner({ p }) ? `${likeWinner} not distinguishable` : 'different';
  return [
    `against the ${isOver ? 'winner' : 'best so far'}, trial ${standings?.trials[0]?.trial.number}: ${pSentence(p)}, ${likeness}`,
  ];
}

/** `on alpha for 4.1 s (lost), then beta for 2.0 s`; of one that was nowhere else the headline has the time. */
function staysLine({ stays, trial }: TrialStory): string[] {
  const [only, ...others] = stays;
  // Not a second time: between machines it is measured by the run, and begins when that has heard of it.
  if (only !== undefined && others.length === 0 && 'best' in trial) return [`on ${printable(only.machine)}`];
  const words = stays.map(({ machine, seconds, how }) => {
    const broken = how === 'lost' || how === 'failed' ? ` (${how})` : '';
    return `${printable(machine)} for ${secondsText(seconds)}${broken}`;
  });
  return words.length === 0 ? [] : [`on ${words.join(', then ')}`];
}

function artifactLine({ trial, tried, modelBytes }: TrialStory): string[] {
  if (!('artifacts' in trial)) return [];
  const { best, last, model } = trial.artifacts;
  if (tried.kind === 'objective')
    return modelBytes === undefined ? [] : [`model: ${countText(modelBytes)} bytes, SHA-256 ${model}`];
  const weights = trial.role === 'search' ? best : last;
  // Of a pruned network none are kept.
  return weights === undefined ? [] : [`weights ${weights}`];
}
