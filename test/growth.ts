/**
 * How the cost of some work grows with the size of its input: a ratio, which a busy machine cannot change as it changes
 * seconds. Not here: what the work must answer.
 */
import { execFileSync } from 'node:child_process';
import type { Test } from 'tap';

/** Linear work costs 4 times as much on 4 times the input, quadratic work 16 times. */
const factor = 4;
const most = 9;
/** Less than this is noise. */
const leastMs = 2;

/**
 * Asserts that the processor time of `work` grows as its input does.
 * @param input of about this size; making it is not measured
 */
export async function growsAsItsInput<Input>(
  t: Test,
  what: string,
  size: number,
  input: (size: number) => Input,
  work: (input: Input) => unknown,
): Promise<void> {
  const [small, large] = [input(size), input(factor * size)];
  const ratios: number[] = [];
  // A machine that is busy with something else can only make a ratio worse, so the best of a few counts.
  while (ratios.length < 4 && !ratios.some((ratio) => ratio < most)) {
    ratios.push((await cost(large, work)) / Math.max(leastMs, await cost(small, work)));
  }
  const best = Math.min(...ratios);
  t.ok(best < most, `${what}: ${best.toFixed(1)} times the time for ${factor} times the input`);
}

/** Milliseconds of the processor, the least of three. */
async function cost<Input>(input: Input, work: (input: Input) => unknown): Promise<number> {
  const tries: number[] = [];
  while (tries.length < 3) {
    const before = process.cpuUsage();
    await work(input);
    const { user, system } = process.cpuUsage(before);
    tries.push((user + system) / 1_000);
  }
  return Math.min(...tries);
}

/** The most memory, in MiB, that a process of its own has held while it ran a module's text. */
export function peakMemory(module: string): number {
  const measured = `${module}\nconsole.log(process.resourceUsage().maxRSS / 1024);`;
  const args = ['--conditions=coresweep-source', '--input-type=module', '--eval', measured];
  const output = execFileSync(process.execPath, args, { encoding: 'utf8' });
  return Number(output.trim().split('\n').at(-1));
}
