/**
 * The steps of rungs that grow by a factor, in exact whole numbers: a logarithm in floating point can lose one.
 * Not here: what happens at a rung.
 */

/** The smallest resource times the factor's power, where that is below `end` and a number that JavaScript counts to. */
export function geometricRungs(
  first: number,
  factor: number,
  end = Number.MAX_SAFE_INTEGER,
): readonly number[] {
  const steps: number[] = [];
  for (let step = first; step < end; step *= factor) steps.push(step);
  return steps;
}

/** Where no smallest resource is given: a hundredth of the longest trial. */
export const smallestResource = (longest: number | undefined): number =>
  longest === undefined ? 1 : Math.max(1, (longest - (longest % 100)) / 100);
