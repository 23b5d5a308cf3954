/** The cosine, the same bits in every engine. */

/** The cosine of so many turns, from 0 to half a turn; within 2 ulp of 1. */
export function cosineOfTurn(turns: number): number {
  if (turns > 0.25) return -cosineOfTurn(0.5 - turns);
  // Up to an eighth of a turn the cosine's own series, and the sine's of the rest of a quarter beyond.
  const isNear = turns <= 0.125;
  const angle = 2 * Math.PI * (isNear ? turns : 0.25 - turns);
  const square = angle * angle;
  let sum = 1;
  for (let n = isNear ? 20 : 21; n >= 2; n -= 2) sum = 1 - (square / (n * (n - 1))) * sum;
  return isNear ? sum : angle * sum;
}
