/**
 * float(), int(), choice() and boolean(): the parameters of a definition in TypeScript, each as it is written in YAML.
 * Not here: what a parameter is (parameter.ts).
 */
import type { Value } from '../trial.ts';

/** A parameter that always applies; `when` makes the same that applies only where `parameter` is one of `values`. */
export type Unconditional<Axis extends object> = Axis & {
  when<const Name extends string, const Values extends readonly [Value, ...Value[]]>(
    parameter: Name,
    ...values: Values
  ): Axis & { readonly when: { readonly [Key in Name]: Values[number] | Values } };
};

type Pair = readonly [number, number];
/** Evenly on a logarithmic scale, or only every so far, or both. */
type How = 'log' | { readonly step: number; readonly scale?: 'log' };

/**
 * Numbers from `min` to `max`.
 *
 * ```ts
 * import { float } from 'coresweep';
 *
 * console.log(float(1e-6, 10, 'log'), float(0, 1, { step: 0.25 }));
 * ```
 */
export const float = (min: number, max: number, how?: How): Unconditional<{ readonly float: Pair }> =>
  unconditional({ float: [min, max] as const, ...said(how) });

/**
 * Whole numbers from `min` to `max`, both of them included.
 *
 * ```ts
 * import { int } from 'coresweep';
 *
 * console.log(int(1, 8).when('solver', 'qr'));
 * ```
 */
export const int = (min: number, max: number, how?: How): Unconditional<{ readonly int: Pair }> =>
  unconditional({ int: [min, max] as const, ...said(how) });

/**
 * One of these: numbers, texts, true and false, or lists as a whole.
 *
 * ```ts
 * import { choice } from 'coresweep';
 *
 * console.log(choice('lu', 'qr'), choice([20], [64, 32]));
 * ```
 */
export const choice = <const Values extends readonly [Value, ...Value[]]>(
  ...values: Values
): Unconditional<{ readonly choice: Values }> => unconditional({ choice: values });

/**
 * false or true.
 *
 * ```ts
 * import { boolean } from 'coresweep';
 *
 * console.log(boolean());
 * ```
 */
export const boolean = (): Unconditional<{ readonly choice: readonly [false, true] }> =>
  unconditional({ choice: [false, true] as const });

const said = (how: How | undefined): object => (how === 'log' ? { scale: how } : (how ?? {}));

/** The method is not enumerable, so a copy of the parameter's keys is what YAML would hold. */
function unconditional<Axis extends object>(axis: Axis): Unconditional<Axis> {
  const when = (parameter: string, ...values: readonly Value[]) => {
    const [only] = values;
    const isOne = values.length === 1 && !Array.isArray(only);
    return { ...axis, when: { [parameter]: isOne ? only : values } };
  };
  return Object.assign(Object.create({ when }) as object, axis) as Unconditional<Axis>;
}
