/**
 * A space: named parameters, some of which apply only where another one has certain values.
 * Not here: how people write one (definition.ts), and its points one by one (enumeration.ts).
 */
import type { Params, Value } from '../trial.ts';
import type { Parameter } from './parameter.ts';
import { identityOf } from './value-identity.ts';

export interface NamedParameter {
  readonly name: string;
  readonly parameter: Parameter;
  /** It applies only where `parameter`, which stands before it, applies and has one of these values. */
  readonly when?: { readonly parameter: string; readonly in: readonly Value[] };
}

/** In the order in which parameters are shown, stored and enumerated: the first changes slowest. */
export type Space = readonly NamedParameter[];

/** Whether a parameter applies, given those that stand before it. */
export function applies({ when }: NamedParameter, params: Params): boolean {
  if (when === undefined) return true;
  const value = params[when.parameter];
  return value !== undefined && when.in.some((wanted) => identityOf(wanted) === identityOf(value));
}
