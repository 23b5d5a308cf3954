/** What the trials of bench/waiting.ts would do if nobody stopped them. */
import { randomStream } from '../src/random.ts';

export const steps = 81;

/** Of a real run: how long a simulated second is, and whose lives its trials have. */
export const msPerSecond = 20;
export const realSeed = 1;

/** What a trial would do if nobody stopped it. */
export interface Life {
  /** Seconds of each step. */
  readonly seconds: readonly number[];
  readonly losses: readonly number[];
}

/** Of trial n: a learning curve that crosses others, in steps that some trials take several times longer for than others. */
export function lifeOf(seed: number, number: number): Life {
  const random = randomStream(seed, 'search', number, 0);
  const slowness = Math.exp(0.5 * random.normal());
  const [floor, height, power] = [random.uniform(), random.uniform(), 0.3 + random.uniform()];
  return {
    seconds: Array.from({ length: steps }, () => slowness * Math.exp(0.3 * random.normal())),
    losses: Array.from({ length: steps }, (_, step) => floor + height / (step + 1) ** power),
  };
}

export const livesOf = (seed: number, trials: number): Life[] =>
  Array.from({ length: trials }, (_, index) => lifeOf(seed, index + 1));
