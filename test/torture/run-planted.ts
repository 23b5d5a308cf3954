/** `npm run torture:planted`: each suite must catch the bugs that are planted for it; `-- WORD` for those of a suite, or about something. */
import { caught, plantedFaults } from './planted.ts';

const only = process.argv.slice(2);
let missed = 0;
for (const fault of plantedFaults) {
  if (only.length > 0 && !only.some((word) => word === fault.suite || fault.what.includes(word))) continue;
  const found = await caught(fault);
  if (found === undefined) missed += 1;
  const said = found?.split('\n').slice(0, 2).join(' ').slice(0, 300);
  console.log(`${fault.suite}: ${fault.what}: ${said === undefined ? 'MISSED' : `caught: ${said}`}`);
}
process.exitCode = missed === 0 ? 0 : 1;
