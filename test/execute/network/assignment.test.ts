/** Every state that two threads and three trials can get into, and everything that can happen in each. */
import t from 'tap';
import {
  type Assignment,
  type AssignmentEvent,
  type Command,
  emptyAssignment,
  maxLostAssistants,
  next,
} from '../../../src/execute/network/assignment.ts';

/** The first trials have least left to do. */
const loadOf = (slot: number) => ({ epochsLeft: 10 * (slot + 1), epochs: 100, epochCost: 1 });
const after = (assignment: Assignment, event: AssignmentEvent) => next(assignment, event, loadOf);

function eventsIn({ seats, slots }: Assignment): AssignmentEvent[] {
  return [
    { kind: 'stop', slot: 'all' },
    { kind: 'quiet' },
    ...slots.flatMap(({ state }, slot) => (state === 'free' ? [{ kind: 'started', slot } as const] : [])),
    ...seats.flatMap(({ state }, seat): AssignmentEvent[] => {
      switch (state) {
        case 'training':
          return (['yielded', 'stopped', 'ended'] as const).map((end) => ({ kind: 'answered', seat, end }));
        case 'assisting':
          return [true, false].map((isLost) => ({ kind: 'assisted', seat, isLost }));
        case 'free':
          return [];
        default:
          return state satisfies never;
      }
    }),
  ];
}

interface Step {
  readonly before: Assignment;
  readonly event: AssignmentEvent;
  readonly assignment: Assignment;
  readonly commands: readonly Command[];
}

function everyStep(seats: number, slots: number): Step[] {
  const steps: Step[] = [];
  const seen = new Set<string>();
  const open = [emptyAssignment(seats, slots)];
  for (let before = open.pop(); before !== undefined; before = open.pop()) {
    for (const event of eventsIn(before)) {
      const { assignment, commands } = after(before, event);
      steps.push({ before, event, assignment, commands });
      const name = JSON.stringify(assignment);
      if (!seen.has(name)) open.push(assignment);
      seen.add(name);
    }
  }
  return steps;
}

const steps = [...everyStep(1, 1), ...everyStep(2, 3)];

/** The rules that a step breaks. */
function faults({ before, event, assignment, commands }: Step): string[] {
  const { seats, slots, isDismissing, lostAssistants } = assignment;
  const training = seats.flatMap((seat) => (seat.state === 'training' ? [seat.slot] : []));
  const assisted = seats.flatMap((seat) => (seat.state === 'assisting' ? seat.slots : []));
  const assists = seats.some(({ state }) => state === 'assisting');
  const isFree = seats.some(({ state }) => state === 'free');
  const inState = (state: string) => slots.flatMap((slot, index) => (slot.state === state ? [index] : []));
  const [waiting, leaving] = [inState('waiting'), inState('leaving')];
  const settled = commands.filter(({ kind }) => kind === 'settle' || kind === 'settle as stopped');
  const rules: Record<string, boolean> = {
    'a trial trains on one thread':
      JSON.stringify(training.toSorted()) === JSON.stringify(inState('training')),
    'no assistant looks into an arena that is given back': assisted.every(
      (slot) => slots[slot]?.state !== 'free',
    ),
    'assistants leave where a trial waits or ends':
      (assists && waiting.length + leaving.length > 0) === isDismissing,
    'a trial that has ended is told so, unless an assistant is still there': leaving.length === 0 || assists,
    'no trial waits beside a free thread': waiting.length === 0 || !isFree || isDismissing,
    'no thread is idle where it could help, once it is quiet':
      event.kind !== 'quiet' ||
      !isFree ||
      training.length === 0 ||
      isDismissing ||
      lostAssistants >= maxLostAssistants,
    'each trial is settled once, and then its slot is free': slots.every((slot, index) => {
      const times = settled.filter((command) => 'slot' in command && command.slot === index).length;
      return times <= 1 && (times === 0 || before.slots[index]?.state !== 'free' || slot.state === 'free');
    }),
    'what is under way goes on':
      slots.every(({ state }) => state === 'free') || training.length > 0 || isDismissing,
    'commands are what has become of the seats': commands.every((command) => {
      switch (command.kind) {
        case 'train':
        case 'assist':
          return seats[command.seat]?.state === (command.kind === 'train' ? 'training' : 'assisting');
        case 'dismiss':
          return isDismissing && !before.isDismissing;
        case 'dismissed':
          return before.isDismissing;
        default:
          return true;
      }
    }),
  };
  return Object.entries(rules).flatMap(([rule, holds]) => (holds ? [] : [rule]));
}

t.test('whatever happens, in whatever order, no rule is broken', async (t) => {
  t.ok(steps.length > 1_000, `${steps.length} steps`);
  const broken = steps.flatMap((step) => faults(step).map((rule) => ({ rule, step })));
  t.same(broken.slice(0, 1), []);
});

/** The answers that come where nothing else happens: trainings end, or stop where they are asked to; assistants leave. */
function quietly(assignment: Assignment, end: 'ended' | 'stopped'): AssignmentEvent | undefined {
  const leaver = assignment.isDismissing
    ? assignment.seats.findIndex(({ state }) => state === 'assisting')
    : -1;
  if (leaver >= 0) return { kind: 'assisted', seat: leaver, isLost: false };
  const seat = assignment.seats.findIndex(({ state }) => state === 'training');
  return seat < 0 ? undefined : { kind: 'answered', seat, end };
}

t.test('from every state all trials come to their end, also after a stop', async (t) => {
  const states = new Map(steps.map(({ assignment }) => [JSON.stringify(assignment), assignment]));
  for (const start of states.values()) {
    for (const end of ['ended', 'stopped'] as const) {
      let assignment = end === 'stopped' ? after(start, { kind: 'stop', slot: 'all' }).assignment : start;
      let count = 0;
      for (
        let event = quietly(assignment, end);
        event !== undefined && count < 20;
        event = quietly(assignment, end), count++
      )
        assignment = after(assignment, event).assignment;
      const isEmpty = assignment.slots.every(({ state }) => state === 'free');
      if (!isEmpty) t.fail(`${end}: ${JSON.stringify(start)} ends as ${JSON.stringify(assignment)}`);
    }
  }
  t.ok(states.size > 100, `${states.size} states`);
});

t.test(
  'the longest trial is trained first, and the furthest is asked to make room for those that wait',
  async (t) => {
    let { assignment } = after(emptyAssignment(1, 3), { kind: 'started', slot: 1 });
    ({ assignment } = after(assignment, { kind: 'started', slot: 0 }));
    const { commands } = after(assignment, { kind: 'started', slot: 2 });
    t.same(
      commands,
      [{ kind: 'ask to yield', slot: 1, epochsLeft: 26 }],
      'a slice of 4 behind the 30 of slot 2',
    );
    const { commands: then } = after(assignment, { kind: 'answered', seat: 0, end: 'ended' });
    t.same(then, [
      { kind: 'settle', slot: 1 },
      { kind: 'train', seat: 0, slot: 0 },
      { kind: 'ask to yield', slot: 0, epochsLeft: 0 },
    ]);
  },
);

function assisted(): Assignment {
  const { assignment, commands } = after(emptyAssignment(2, 3), { kind: 'started', slot: 0 });
  t.match(
    commands,
    [{ kind: 'train', seat: 0 }, { kind: 'ask to yield' }],
    'nobody helps as long as another may start',
  );
  const quiet = after(assignment, { kind: 'quiet' });
  t.match(quiet.commands.at(-1), { kind: 'assist', seat: 1, slots: [0] });
  return quiet.assignment;
}

t.test('a trial whose assistant died goes on from its last whole epoch', async (t) => {
  const assignment = assisted();
  const lost = after(assignment, { kind: 'assisted', seat: 1, isLost: true });
  t.same(lost.commands[0], { kind: 'ask to stop', slot: 0 });
  const stopped = after(after(lost.assignment, { kind: 'quiet' }).assignment, {
    kind: 'answered',
    seat: 0,
    end: 'stopped',
  });
  const left = after(stopped.assignment, { kind: 'assisted', seat: 1, isLost: false });
  t.match(left.commands, [
    { kind: 'dismissed' },
    { kind: 'ready again', slot: 0 },
    { kind: 'train', slot: 0 },
  ]);
});

t.test('a stop holds for a trial that was stopped only to go on', async (t) => {
  const lost = after(assisted(), { kind: 'assisted', seat: 1, isLost: true });
  const stopped = after(after(lost.assignment, { kind: 'quiet' }).assignment, {
    kind: 'answered',
    seat: 0,
    end: 'stopped',
  });
  const told = after(stopped.assignment, { kind: 'stop', slot: 'all' });
  const left = after(told.assignment, { kind: 'assisted', seat: 1, isLost: false });
  t.same(left.commands, [{ kind: 'dismissed' }, { kind: 'settle', slot: 0 }]);
});
