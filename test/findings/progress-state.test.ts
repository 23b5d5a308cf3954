import t from 'tap';
import { secondsLeft, trialSecondsLeft } from '../../src/findings/progress-state.ts';
import { running, state } from './sample-progress.ts';

t.test('the time left of a trial follows its own speed', async (t) => {
  t.equal(trialSecondsLeft(running(1, 25), 6_000), 15);
  t.equal(trialSecondsLeft(running(1, 100), 6_000), 0);
  t.equal(trialSecondsLeft(running(1, 0), 6_000), undefined);
});

t.test('the time left of a phase is its remaining epochs over the threads', async (t) => {
  // 50 epochs took 5 s; 4 waiting trials, 50 and 100 epochs remain: 550 epochs at 0.1 s on 2 threads.
  t.equal(secondsLeft(state, 6_000), 27.5);
  // 100 epochs in 5 s of trials that have ended halve the mean: 150 epochs in 10 s.
  t.equal(secondsLeft({ ...state, measured: { epochs: 100, seconds: 5 } }, 6_000)?.toFixed(3), '18.333');
  t.equal(secondsLeft({ ...state, running: [running(4, 0)] }, 6_000), undefined);
});

t.test('the time left is no less than that of the slowest trial', async (t) => {
  // Trial 4 takes 0.5 s an epoch, all others 0.05 s: the mean alone would be through before it.
  const slow = { ...state, finished: 8, measured: { epochs: 1_000, seconds: 50 }, running: [running(4, 10)] };
  t.equal(secondsLeft(slow, 6_000), 45);
});

t.test('the last trial alone keeps only its own thread busy', async (t) => {
  t.equal(secondsLeft({ ...state, threads: 8, finished: 8, running: [running(9, 50)] }, 6_000), 5);
});

t.test('a clock that stepped back gives no time before now', async (t) => {
  t.equal(trialSecondsLeft(running(1, 50), 0), 0);
});
