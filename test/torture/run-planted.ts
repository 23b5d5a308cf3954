/** `npm run torture:planted`: each suite must catch the bugs that are planted for it. */
import { plantedFaults, withFault } from './planted.ts';
import { suites } from './suites.ts';

const only = process.argv.slice(2);
let missed = 0;
for (const fault of plantedFaults) {
  if (only.length > 0 && !only.includes(fault.suite)) continue;
  const suite = suites[fault.suite];
  if (suite === undefined) throw new Error(`There is no suite "${fault.suite}".`);
  let verdict: string;
  try {
    const { found, skipped } = await withFault(fault, (program) =>
      suite.run({ rounds: fault.rounds, seed: fault.seed ?? 1, program }),
    );
    if (skipped === undefined && found.length === 0) missed += 1;
    verdict =
      skipped ??
      (found.length === 0 ? 'MISSED' : `caught ${found.length} times, first as: ${found[0]?.split('\n')[0]}`);
  } catch (error) {
    // A sweep so broken that it does not come through even by itself.
    verdict = `caught at once: ${String(error).split('\n')[0]}`;
  }
  console.log(`${fault.suite}: ${fault.what}: ${verdict}`);
}
process.exitCode = missed === 0 ? 0 : 1;
