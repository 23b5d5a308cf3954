/**
 * Which settings of the network and of its training can stand together; one that is faulty by itself is passed over.
 * Not here: each setting by itself (network-settings.ts).
 */
import type * as z from 'zod';
import { shown } from '../errors.ts';
import { metricsFor, networkMetricNames } from '../metric.ts';
import { outputNames, outputs, outputsFor } from '../train/outputs.ts';
import { model as modelShape, training as trainingShape } from './network-settings.ts';
import type { Part } from './shapes.ts';

/** Settings that mean something with some values of another one only: at its default, one is as if it were not said. */
const belonging: Readonly<Record<string, { readonly to: string; readonly with: readonly string[] }>> = {
  momentum: { to: 'optimizer', with: ['sgd'] },
  nesterov: { to: 'optimizer', with: ['sgd'] },
  beta1: { to: 'optimizer', with: ['adam', 'adamw'] },
  beta2: { to: 'optimizer', with: ['adam', 'adamw'] },
  epsilon: { to: 'optimizer', with: ['adam', 'adamw'] },
  gamma: { to: 'schedule', with: ['step', 'exponential'] },
  every: { to: 'schedule', with: ['step'] },
};

/** What a schedule cannot do without. */
const needs: Readonly<Record<string, readonly string[]>> = {
  step: ['every', 'gamma'],
  exponential: ['gamma'],
};

/** @param training as it is written or as it is checked, which both stand for the same */
export function trainingFaults(given: Part, model: Part): string[] {
  const settings = withDefaults(given);
  const faults: string[] = [];
  for (const [name, { to, with: owners }] of Object.entries(belonging)) {
    const owner = settings[to];
    if (isUsual(name, given[name]) || isFaulty(to, owner) || owners.includes(String(owner))) continue;
    const named = owners.map(shown).join(' or ');
    faults.push(`training.${name} belongs to training.${to} ${named}, but that is ${shown(owner)}.`);
  }
  for (const name of needs[String(settings['schedule'])] ?? []) {
    if (settings[name] === undefined)
      faults.push(
        `training.schedule ${shown(settings['schedule'])} needs training.${name}, but it is missing.`,
      );
  }
  if (settings['nesterov'] === true && settings['momentum'] === 0)
    faults.push('training.nesterov needs a training.momentum above 0, but that is 0.');
  if (Number(settings['lambda']) > 0 && settings['penalty'] === 'none')
    faults.push('training.lambda needs training.penalty "l1" or "l2", but that is "none".');
  if (!isUsual('warmup', given['warmup']) && Number(given['warmup']) >= Number(settings['epochs']))
    faults.push(
      `training.warmup must be less than training.epochs (${settings['epochs']}), but got ${settings['warmup']}.`,
    );
  const { hidden } = model;
  if (Array.isArray(hidden) && hidden.length === 0 && Number(settings['dropout']) > 0)
    faults.push('training.dropout drops units of hidden layers, but model.hidden is [].');
  return faults;
}

/** What a network's output learns, the rows must have, and the metric that decides must tell of. */
export function outputFaults(model: Part, training: Part, data: Part, metric: unknown): string[] {
  const output = outputNames.find((name) => name === (model['output'] ?? usualOutput));
  if (output === undefined) return [];
  const { learns } = outputs[output];
  const named = `model.output ${shown(output)}`;
  const others = outputsFor(learns === 'numbers' ? 'classes' : 'numbers')
    .map(shown)
    .join(' or ');
  const faults: string[] = [];
  const has = answersIn(data);
  if (has !== undefined && has.learns !== learns) {
    faults.push(
      learns === 'numbers'
        ? `${named} learns numbers, but ${has.what} ${has.gives} classes: name columns of numbers in data.targets (source "csv"), or choose ${others}.`
        : `${named} learns classes, but data.targets names numbers: choose ${others}, or name a column of classes in data.label.`,
    );
  }
  if (learns === 'numbers' && training['classWeights'] !== undefined)
    faults.push(`training.classWeights belongs to model.output ${others}, but that is ${shown(output)}.`);
  const known = metricsFor(learns);
  const isKnown = networkMetricNames.some((name) => name === metric);
  if (isKnown && !known.some((name) => name === metric))
    faults.push(
      `search.metric must be ${known.map(shown).join(' or ')} where model.output is ${shown(output)}, but got ${shown(metric)}.`,
    );
  return faults;
}

/** What rows have, as far as a definition says it: of arrays whoever brings them does. */
function answersIn({ source, label, targets }: Part) {
  if (source === 'mnist' || source === 'idx')
    return { learns: 'classes', what: `the source ${shown(source)}`, gives: 'has' } as const;
  if (source !== 'csv') return undefined;
  if (targets !== undefined) return { learns: 'numbers', what: 'data.targets', gives: 'gives' } as const;
  return label === undefined
    ? undefined
    : ({ learns: 'classes', what: 'data.label', gives: 'gives' } as const);
}

const usualOutput = modelShape.shape.output.parse(undefined);

/** A table's rows have a class or numbers to learn. */
export function answerFaults({ source, label, targets, ...data }: Part): string[] {
  const faults: string[] = [];
  if (source === 'csv' && label === undefined && targets === undefined)
    faults.push(
      'data.label must be the name of a column, but it is missing; columns of numbers to learn are named in data.targets.',
    );
  if (label !== undefined && targets !== undefined)
    faults.push('data.label and data.targets both say what is learnt: keep one of the two.');
  if (source === 'csv' && targets === undefined && !isUsualScaling(data['targetScaling']))
    faults.push('data.targetScaling scales data.targets, but there are none.');
  const { split } = data;
  if (targets !== undefined && Object(split)['stratified'] === true)
    faults.push('data.split.stratified gives each class its share, but data.targets has none: take it out.');
  return faults;
}

const isUsualScaling = (scaling: unknown): boolean => scaling === undefined || scaling === 'standard';

/** Figures that were published for the paper's network are no match for another one. */
export function publishedFaults(model: Part, published: unknown): string[] {
  const output = model['output'] ?? usualOutput;
  if (published === undefined || output === 'sigmoid') return [];
  return [
    `published gives figures of a network of sigmoids, but model.output is ${shown(output)}: take one of the two out.`,
  ];
}

const fields = trainingShape.shape as Readonly<Record<string, z.ZodType>>;
const usual = (name: string): unknown => fields[name]?.safeParse(undefined).data;
const isFaulty = (name: string, value: unknown): boolean => fields[name]?.safeParse(value).success === false;
const isUsual = (name: string, value: unknown): boolean => value === undefined || value === usual(name);

const withDefaults = (given: Part): Part => ({
  ...Object.fromEntries(Object.keys(fields).map((name) => [name, usual(name)])),
  ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
});
