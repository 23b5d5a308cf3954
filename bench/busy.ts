/**
 * How busy a search keeps `threads` threads, by the executor's own rules and recorded epoch times.
 * A simulation in small steps: work is divisible and moving it costs nothing, so it tells what the rules can reach.
 */
import { capacity, type Load, nextWaiting, yieldAt } from '../src/execute/network/schedule.ts';

/** Seconds that one epoch of a trial takes. */
export interface EpochTime {
  readonly train: number;
  readonly measure: number;
}

interface SimulatedTrial {
  readonly time: EpochTime;
  epochsLeft: number;
  /** Of the epoch that is being trained. */
  trainLeft: number;
  /** Of the epoch before it. */
  measureLeft: number;
}

/** The share of threads x time spent working, from the first trial's start to the last one's end. */
export function simulatedBusyShare(trials: readonly EpochTime[], epochs: number, threads: number): number {
  const work = trials.reduce((sum, { train, measure }) => sum + epochs * (train + measure), 0);
  const step = Math.min(...trials.map(({ train }) => train)) / 20;
  const unstarted = trials.map(
    (time): SimulatedTrial => ({ time, epochsLeft: epochs, trainLeft: time.train, measureLeft: 0 }),
  );
  let running: SimulatedTrial[] = [];
  let waiting: SimulatedTrial[] = [];
  const loadOf = ({ epochsLeft, time }: SimulatedTrial): Load => ({
    epochsLeft,
    epochs,
    epochCost: time.train + time.measure,
  });

  /** The epochs left at which each was asked to make room. */
  let asked = new Map<SimulatedTrial, number>();
  const dispatch = () => {
    while (unstarted.length > 0 && running.length + waiting.length < capacity(threads, unstarted.length)) {
      waiting.push(unstarted.shift() as SimulatedTrial);
    }
    while (running.length < threads && waiting.length > 0) {
      const [next] = waiting.splice(nextWaiting(waiting.map(loadOf)) as number, 1);
      running.push(next as SimulatedTrial);
    }
    const loads = waiting.map(loadOf);
    const furthest = running.toSorted((a, b) => a.epochsLeft - b.epochsLeft).slice(0, waiting.length);
    asked = new Map(furthest.map((trial) => [trial, yieldAt(loadOf(trial), loads)]));
  };
  const isEnded = ({ epochsLeft, measureLeft }: SimulatedTrial) => epochsLeft === 0 && measureLeft <= 0;

  dispatch();
  let steps = 0;
  for (; running.length > 0; steps++) {
    advance(running, threads - running.length, step);
    const leaving = running.filter(
      (trial) => isBetweenEpochs(trial) && trial.epochsLeft <= (asked.get(trial) ?? 0),
    );
    if (leaving.length === 0 && !running.some(isEnded)) continue;
    waiting = [...waiting, ...leaving];
    running = running.filter((trial) => !leaving.includes(trial) && !isEnded(trial));
    dispatch();
  }
  return work / (threads * steps * step);
}

const isBetweenEpochs = ({ time, trainLeft, measureLeft }: SimulatedTrial): boolean =>
  trainLeft === time.train && measureLeft <= 0;

function advance(running: readonly SimulatedTrial[], assistants: number, step: number): void {
  for (const trial of running) {
    // With assistants an epoch is trained while the last one is measured; its own thread helps once it has trained.
    const trainsNow = trial.trainLeft > 0 && (assistants > 0 || trial.measureLeft <= 0);
    if (trainsNow) trial.trainLeft -= step;
    else trial.measureLeft -= step;
    if (trial.epochsLeft === 0 || trial.trainLeft > 0 || trial.measureLeft > 0) continue;
    trial.epochsLeft -= 1;
    trial.measureLeft = trial.time.measure;
    trial.trainLeft = trial.epochsLeft > 0 ? trial.time.train : 0;
  }
  for (let assistant = 0; assistant < assistants; assistant++) {
    const neediest = running.toSorted((a, b) => b.measureLeft - a.measureLeft)[0];
    if (neediest !== undefined && neediest.measureLeft > 0) neediest.measureLeft -= step;
  }
}
