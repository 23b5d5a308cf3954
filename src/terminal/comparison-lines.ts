/** The lines of a comparison: parameters, metrics with their evidence, and times of two trials. Not here: tests and curves (comparison.ts). */
import { type Interval, type PairedTest, wilsonInterval } from '../evidence/statistics.ts';
import { spreadOf } from '../findings/combinations.ts';
import type { ErrorTests } from '../findings/error-tests.ts';
import type { Combination } from '../store/ranking.ts';
import type { Report, Trial } from '../trial.ts';
import type { Cell } from '../words/column.ts';
import { evaluationName } from '../words/evaluation-name.ts';
import {
  countedStep,
  deciding,
  type Measure,
  measureText,
  shortTitle,
  type Tried,
  valueIn,
} from '../words/measures.ts';
import { cellOf, parametersOf } from '../words/parameters.ts';
import { type StateNow, stateLine } from '../words/trial-state.ts';
import { absent, percent, secondsText, signedText, timeText, valueText } from '../words/units.ts';
import type { Quantity } from './comparison-columns.ts';

export interface Side {
  readonly trial: Trial;
  readonly state: StateNow;
  readonly curve: readonly Report[];
  /** How many rows it was measured on, where it is a network. */
  readonly rows: number | undefined;
  /** All replicates of its parameters; undefined where nothing is trained more than once. */
  readonly replicates: Combination | undefined;
}

export interface Comparison {
  readonly tried: Tried;
  readonly first: Side;
  readonly second: Side;
  /** Undefined where the two were not measured on the same rows, or one has no result. */
  readonly test: PairedTest | undefined;
  /** The same of networks that learn numbers. */
  readonly errorTests?: ErrorTests | undefined;
}

const signed = (text: (value: number) => string) => (by: number) => signedText(by, text);

/** Whole numbers and texts. */
const plain = (key: string, title: string, values: readonly [Cell, Cell]): Quantity => ({
  ...{ key, title, values, text: String },
});

export function quantities({ tried, first, second }: Comparison): Quantity[] {
  const both = <Value>(value: (side: Side) => Value) => [value(first), value(second)] as const;
  const ofTrials = <Value>(value: (trial: Trial) => Value) => both(({ trial }) => value(trial));
  const parameters = parametersOf([first.trial, second.trial]).map(({ name, title }): Quantity => {
    const inWords = ({ params }: Trial) => {
      const value = params[name];
      return value === undefined ? absent : valueText(value);
    };
    return {
      ...plain(
        name,
        title,
        ofTrials(({ params }) => cellOf(params[name])),
      ),
      written: ofTrials(inWords),
    };
  });
  const bestStep = ofTrials((trial) => ('best' in trial ? trial.best.step : null));
  const isLater = ({ curve }: Side) => curve.length > 1;
  const stepRow = {
    ...plain(tried.kind === 'network' ? 'bestEpoch' : 'bestStep', countedStep(tried), bestStep),
    difference: signed(String),
  };
  const areReplicates = both(({ trial, replicates }) => trial.replicate > 0 || replicates !== undefined).some(
    Boolean,
  );
  const ofReplicates = plain(
    'replicate',
    tried.replicateName,
    ofTrials(({ replicate }) => replicate),
  );
  return [
    ...parameters,
    ...(areReplicates ? [ofReplicates] : []),
    plain(
      'state',
      'state',
      both(({ trial, state }) => stateLine(trial, tried.step, state)),
    ),
    ...(tried.kind === 'network'
      ? [
          plain(
            'rows',
            'measured on',
            ofTrials(({ role }) => evaluationName(role)),
          ),
        ]
      : []),
    ...(tried.kind === 'network' || both(isLater).some(Boolean) ? [stepRow] : []),
    ...(tried.kind === 'network' ? networkQuantities(tried, both) : objectiveQuantities(tried, both)),
    {
      ...plain(
        'seconds',
        'time',
        ofTrials((trial) => ('seconds' in trial ? trial.seconds : null)),
      ),
      ...{ text: timeText, difference: signed(secondsText) },
    },
  ];
}

type Both = <Value>(value: (side: Side) => Value) => readonly [Value, Value];

/** A metric of both trials' best or last reports. */
function measured(
  measure: Measure,
  which: 'best' | 'last',
  both: Both,
  names: { key: string; title: string },
) {
  const text = (value: number) => measureText(measure, value);
  const points = (value: number) => percent(value).replace(' %', ' points');
  return {
    ...names,
    values: both(({ trial }) => ('best' in trial ? valueIn(measure, trial[which]) : null)),
    ...{ text, difference: signed(measure.written === 'accuracy' ? points : text) },
  };
}

/** The metrics, the one that decides first: on the validation rows of a search, on the test rows of a final training. */
function networkQuantities(tried: Tried, both: Both): Quantity[] {
  const { measures } = tried;
  const evaluated = measures.slice(0, 2);
  const ofTraining = measures.find(
    ({ key }) => key === 'trainingAccuracy' || key === 'trainingRmse',
  ) as Measure;
  const named = (which: 'best' | 'last', measure: Measure) => ({
    key: `${which}${capital(measure.written)}`,
    title: `${which === 'best' ? 'its' : 'last'} ${shortTitle(tried, measure)}`,
  });
  const interval = (measure: Measure, end: keyof Interval): Quantity => ({
    key: `bestAccuracy${capital(end)}`,
    title: `95 % interval, ${end === 'low' ? 'from' : 'to'}`,
    values: both(({ trial, rows }) =>
      'best' in trial && rows !== undefined ? wilsonInterval(valueIn(measure, trial.best), rows)[end] : null,
    ),
    text: percent,
  });
  return [
    ...evaluated.flatMap((measure) => [
      measured(measure, 'best', both, named('best', measure)),
      ...(measure.written === 'accuracy' ? [interval(measure, 'low'), interval(measure, 'high')] : []),
    ]),
    measured(ofTraining, 'best', both, {
      key: `best${capital(ofTraining.key)}`,
      title: `its ${ofTraining.title}`,
    }),
    ...evaluated.map((measure) => measured(measure, 'last', both, named('last', measure))),
  ];
}

/** Every metric, and its mean where parameters were tried several times. */
function objectiveQuantities(tried: Tried, both: Both): Quantity[] {
  const main = deciding(tried);
  const text = (value: number) => measureText(main, value);
  const spread = (what: 'mean' | 'deviation') =>
    both(({ replicates }) => (replicates && spreadOf(main, replicates)?.[what]) ?? null);
  const hasLast = both(({ trial }) => 'best' in trial && trial.best.step < trial.last.step).some(Boolean);
  const replicated: Quantity[] = both(({ replicates }) => replicates !== undefined).some(Boolean)
    ? [
        plain(
          'replicates',
          `${tried.replicateName}s done`,
          both(({ replicates }) => replicates?.done ?? null),
        ),
        {
          ...plain(`${main.key}Mean`, `mean ${main.title}`, spread('mean')),
          ...{ text, difference: signed(text) },
        },
        { ...plain(`${main.key}Deviation`, 'standard deviation', spread('deviation')), text },
      ]
    : [];
  return [
    ...tried.measures.map((measure) =>
      measured(measure, 'best', both, { key: measure.key, title: measure.title }),
    ),
    ...(hasLast
      ? tried.measures.map((measure) =>
          measured(measure, 'last', both, {
            key: `last${capital(measure.key)}`,
            title: `last ${measure.title}`,
          }),
        )
      : []),
    ...replicated,
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
