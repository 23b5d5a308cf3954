/**
 * Which settings of the network and of its training can stand together; one that is faulty by itself is passed over.
 * Not here: each setting by itself (network-settings.ts).
 */
import type { z } from 'zod';
import { shown } from '../errors.ts';
import { model as modelShape, training as trainingShape } from './network-settings.ts';

type Part = Readonly<Record<string, unknown>>;

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
export function trainingFaults(given: Part, model: Part = {}): string[] {
  const settings = withDefaults(given);
  const faults: string[] = [];
  for (const [name, { to, with: owners }] of Object.entries(belonging)) {
    const owner = settings[to];
    if (isUsual(name, given[name]) || owners.includes(String(owner))) continue;
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

/** Figures that were published for the paper's network are no match for another one. */
export function publishedFaults(model: Part, published: unknown): string[] {
  const output = model['output'] ?? modelShape.shape.output.parse(undefined);
  if (published === undefined || output === 'sigmoid') return [];
  return [
    `published gives figures of a network of sigmoids, but model.output is ${shown(output)}: take one of the two out.`,
  ];
}

const fields = trainingShape.shape as Readonly<Record<string, z.ZodType>>;
const usual = (name: string): unknown => fields[name]?.safeParse(undefined).data;
const isUsual = (name: string, value: unknown): boolean => value === undefined || value === usual(name);

const withDefaults = (given: Part): Part => ({
  ...Object.fromEntries(Object.keys(fields).map((name) => [name, usual(name)])),
  ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
});
