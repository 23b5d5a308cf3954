/** npm run golden -- FILE --data DIR: checks the trainings of a golden file against MNIST-shaped IDX files in DIR. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { loadKernelModule, simdKernels } from '../../src/kernel/simd.ts';
import { deviationOf, type GoldenCase, isWithin } from './golden-case.ts';

const usage = 'Usage: npm run golden -- FILE --data DIR';

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    options: { data: { type: 'string' } },
    allowPositionals: true,
  });
  const [file] = positionals;
  if (file === undefined || values.data === undefined) {
    console.error(usage);
    return 2;
  }
  const { cases } = JSON.parse(readFileSync(file, 'utf8')) as { cases: readonly GoldenCase[] };
  const module = loadKernelModule();
  let failed = 0;
  for (const golden of cases) {
    const deviation = await deviationOf(golden, values.data, (memory) => simdKernels(module, memory));
    const { firstLoss, gradient, loss, accuracy } = deviation;
    const verdict = isWithin(deviation, golden) ? 'ok' : 'EXCEEDS THE TOLERANCE';
    if (!isWithin(deviation, golden)) failed++;
    console.log(
      `${golden.name}: first loss ${firstLoss.toExponential(1)}, gradient ${gradient.toExponential(1)}, ` +
        `loss ${loss.toExponential(1)} (relative), accuracy ${accuracy.toFixed(5)} (absolute): ${verdict}`,
    );
  }
  console.log(`${cases.length - failed} passed, ${failed} failed`);
  return failed === 0 && cases.length > 0 ? 0 : 1;
}

process.exitCode = await main();
