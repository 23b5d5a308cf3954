/** Products whose rounding is known: where two large numbers nearly cancel, it is all that is left of them. */

/** a b - c as if a b were not rounded, where they are close. */
export function productMinus(a: number, b: number, c: number): number {
  const product = a * b;
  const aHigh = upperHalf(a);
  const bHigh = upperHalf(b);
  const aLow = a - aHigh;
  const bLow = b - bHigh;
  return product - c + (aHigh * bHigh - product + aHigh * bLow + aLow * bHigh + aLow * bLow);
}

function upperHalf(x: number): number {
  const shifted = x * 134217729;
  return shifted - (shifted - x);
}
