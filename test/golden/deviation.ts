/** How close our numbers must come to those of a golden file, and which are not. */
import type { GoldenCase } from './golden-file.ts';

/** A number of a golden file beside ours. */
export interface Figure {
  readonly kind: keyof Deviation;
  readonly name: string;
  readonly ours: number;
  readonly theirs: number;
  /** A size of theirs below which it is a difference of larger numbers, whose last digits are all that it shows. */
  readonly least?: number;
}

/** The largest deviations of a case; relative, but for the accuracy's difference. */
export interface Deviation {
  readonly firstLoss: number;
  readonly gradient: number;
  readonly loss: number;
  readonly accuracy: number;
}

/** What is allowed where a case does not say how far float32 strays. */
export const tolerance: Deviation = { firstLoss: 1e-6, gradient: 1e-4, loss: 1e-4, accuracy: 0.0005 };
const kinds = Object.keys(tolerance) as (keyof Deviation)[];

/** What a case is allowed: 20 times what PyTorch's own float32 run strays, and never less than the last digits of a sum. */
export function toleranceOf({ float32 }: Pick<GoldenCase, 'float32'>): Deviation {
  if (float32 === undefined) return tolerance;
  const loss = Math.max(20 * float32.loss, 1e-5);
  return {
    firstLoss: loss,
    gradient: tolerance.gradient,
    loss,
    accuracy: Math.max(tolerance.accuracy, float32.accuracy),
  };
}

/** How far ours is from theirs, as its kind is measured. */
export function apart({ kind, ours, theirs, least = 0 }: Figure): number {
  const difference = Math.abs(ours - theirs);
  const size = Math.max(Math.abs(theirs), least);
  return kind === 'accuracy' || size === 0 ? difference : difference / size;
}

export const deviationOf = (figures: readonly Figure[]): Deviation =>
  Object.fromEntries(
    kinds.map((kind) => [kind, Math.max(...figures.filter((figure) => figure.kind === kind).map(apart))]),
  ) as unknown as Deviation;

// The difference of two shares is rounded: one row of 2,000 must not be a little more than 0.0005.
const rounding = 1e-12;

/** Whether every deviation is within what the case is allowed; NaN is not. */
export function isWithin(deviation: Deviation, golden: Pick<GoldenCase, 'float32'> = {}): boolean {
  const allowed = toleranceOf(golden);
  return kinds.every((kind) => deviation[kind] <= allowed[kind] + rounding);
}

/** Those beyond what the case is allowed, the farthest first. */
export function excesses(figures: readonly Figure[], golden: Pick<GoldenCase, 'float32'>): Figure[] {
  const allowed = toleranceOf(golden);
  const times = (figure: Figure) => apart(figure) / (allowed[figure.kind] + rounding);
  return figures
    .filter((figure) => !(times(figure) <= 1))
    .toSorted((one, other) => (times(other) || 0) - (times(one) || 0));
}
