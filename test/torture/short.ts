import type { Test } from 'tap';
import { suites } from './suites.ts';

/** Runs a suite in its short form; the long one is `npm run torture`. */
export async function short(t: Test, name: string): Promise<void> {
  const suite = suites[name];
  if (suite === undefined) throw new Error(`There is no suite "${name}".`);
  await t.test(`${suite.shortRounds} rounds of ${name}`, async (t) => {
    const { tried, found, skipped } = await suite.run({
      rounds: suite.shortRounds,
      seed: 1,
      isStrict: false,
    });
    if (skipped !== undefined) return void t.pass(name, { skip: skipped });
    t.ok(tried > 0);
    t.same(found, []);
  });
}
