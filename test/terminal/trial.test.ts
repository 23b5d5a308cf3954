import { PassThrough } from 'node:stream';
import t from 'tap';
import type { Stay } from '../../src/findings/machines.ts';
import { trialStory, trialText } from '../../src/terminal/trial.ts';
import type { DoneTrial, Trial } from '../../src/trial.ts';
import { triedBy } from '../../src/words/measures.ts';
import { experiment, resultsOf, trial } from '../findings/example-results.ts';

/** The line that says where a trial was. */
function placeOf(stays: readonly Stay[], tried = trial(1)): string | undefined {
  const run = experiment();
  const story = { ...trialStory(resultsOf([tried]), run, triedBy(run), tried), stays };
  return trialText(story, { stream: new PassThrough(), width: 80 }).find((line) => line.startsWith('on '));
}

t.test('a trial that was at one machine has one time, that of its headline', async (t) => {
  const only = { machine: 'alpha', seconds: 0, how: 'done' } as const;
  t.equal(placeOf([only]), 'on alpha');
  t.equal(
    placeOf([
      { machine: 'beta', seconds: 4.1, how: 'lost' },
      { ...only, seconds: 2 },
    ]),
    'on beta for 4.10 s (lost), then alpha for 2.00 s',
  );
  const { best, last, ...begun } = trial(1) as DoneTrial;
  const failed = { ...begun, state: 'failed', code: 'ERR_TRIAL_THREW', reason: 'x' } as unknown as Trial;
  t.equal(
    placeOf([{ ...only, seconds: 3, how: 'failed' }], failed),
    'on alpha for 3.00 s (failed)',
    'which has none there',
  );
});
