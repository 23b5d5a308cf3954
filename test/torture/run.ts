/**
 * `npm run torture`: interrupts, starves and lies to real sweeps, and holds what is left to what an undisturbed one leaves.
 *
 *     npm run torture                       every suite, in its long form (hours)
 *     npm run torture -- kills --rounds 50  one suite, so many rounds
 */
import { parseArgs } from 'node:util';
import { suites } from './suites.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: 'string' }, seed: { type: 'string', default: '1' } },
});
const chosen = positionals.length === 0 ? Object.keys(suites) : positionals;
let faulty = 0;
for (const name of chosen) {
  const suite = suites[name];
  if (suite === undefined)
    throw new Error(`There is no suite "${name}"; there are ${Object.keys(suites).join(', ')}.`);
  const rounds = values.rounds === undefined ? suite.longRounds : Number(values.rounds);
  const started = performance.now();
  const { tried, found, skipped } = await suite.run({ rounds, seed: Number(values.seed) });
  const minutes = ((performance.now() - started) / 60_000).toFixed(1);
  console.log(
    skipped === undefined
      ? `${name}: ${tried} ${suite.unit} in ${minutes} minutes, ${found.length === 0 ? 'nothing found' : `${found.length} faults found`}`
      : `${name}: not run, ${skipped}`,
  );
  for (const fault of found) console.log(`  ${fault.replaceAll('\n', '\n  ')}`);
  faulty += found.length;
}
// Not exitCode: a suite that has found a thread that hangs would hang with it.
process.exit(faulty === 0 ? 0 : 1);
