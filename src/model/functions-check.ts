/** A network's functions as they come back from a disk: trusted only where this program has them. */
import { shown } from '../errors.ts';
import { activationNames } from '../kernel/activations.ts';
import type { NetworkFunctions } from '../train/model.ts';
import { outputNames } from '../train/outputs.ts';

/** Those of every network before there was a choice, which no file and no definition had to name. */
export const usualFunctions = {
  activation: 'sigmoid',
  output: 'sigmoid',
} as const satisfies NetworkFunctions;

/** @param refuse is given the fault as the rest of a sentence that begins with the place; it throws */
export function checkedFunctions(
  { activation = usualFunctions.activation, output = usualFunctions.output }: Record<string, unknown>,
  refuse: (fault: string) => never,
): NetworkFunctions {
  return {
    activation: checked('activation', activationNames, activation, refuse),
    output: checked('output', outputNames, output, refuse),
  };
}

function checked<Name>(
  what: string,
  names: readonly Name[],
  value: unknown,
  refuse: (fault: string) => never,
): Name {
  const found = names.find((name) => name === value);
  return found ?? refuse(`has the ${what} ${shown(value)}, but must have ${names.map(shown).join(' or ')}`);
}
