/**
 * Who does what: which trial trains on which thread, who assists, and what is asked of whom when something happens.
 * Pure: an event and how things stand give how they stand then, and commands. A trial is known by its slot, a thread by its
 * seat. Not here: shared memory, threads and clocks (threads.ts), and which of several trials comes first (schedule.ts).
 */
import { type Load, nextWaiting, yieldAt } from './schedule.ts';

export type Seat =
  | { readonly state: 'free' }
  | { readonly state: 'training'; readonly slot: number }
  | { readonly state: 'assisting'; readonly slots: readonly number[] };

export type Slot =
  | { readonly state: 'free' }
  /** On a thread or waiting for one; `restarts`: it is asked to stop only to go on from its last whole epoch. */
  | { readonly state: 'waiting' | 'training'; readonly restarts: boolean }
  /** No thread has it, but assistants may still look into its arena: what becomes of it once they have left. */
  | { readonly state: 'leaving'; readonly to: 'ready again' | 'settle' | 'settle as stopped' };

export interface Assignment {
  readonly seats: readonly Seat[];
  readonly slots: readonly Slot[];
  /** Whether the assistants have been asked to leave. */
  readonly isDismissing: boolean;
  readonly lostAssistants: number;
}

export type AssignmentEvent =
  /** A trial's arena has been readied in a free slot. */
  | { readonly kind: 'started'; readonly slot: number }
  /** A thread that trained has answered: it made room, was stopped, or its trial is at its end, whichever. */
  | { readonly kind: 'answered'; readonly seat: number; readonly end: 'yielded' | 'stopped' | 'ended' }
  /** An assistant has left, or died. */
  | { readonly kind: 'assisted'; readonly seat: number; readonly isLost: boolean }
  /** One trial, or all of them. */
  | { readonly kind: 'stop'; readonly slot: number | 'all' }
  /** Nothing else is about to happen: where a trial has just ended, the next one would have been started by now. */
  | { readonly kind: 'quiet' };

export type Command =
  | { readonly kind: 'train'; readonly seat: number; readonly slot: number }
  | { readonly kind: 'assist'; readonly seat: number; readonly slots: readonly number[] }
  /** Ask all assistants to leave, and end them where they do not. */
  | { readonly kind: 'dismiss' }
  /** They have all left. */
  | { readonly kind: 'dismissed' }
  | { readonly kind: 'ask to stop'; readonly slot: number }
  /** Ask a trial to make room once it has so many epochs left; 0: never. */
  | { readonly kind: 'ask to yield'; readonly slot: number; readonly epochsLeft: number }
  /** Ready its arena to go on from its last whole epoch. */
  | { readonly kind: 'ready again'; readonly slot: number }
  /** It has ended as its thread has answered. */
  | { readonly kind: 'settle'; readonly slot: number }
  /** It was stopped while no thread had it. */
  | { readonly kind: 'settle as stopped'; readonly slot: number };

/** Help that ends threads again and again is none. */
export const maxLostAssistants = 3;

const free = { state: 'free' } as const;

export const emptyAssignment = (seats: number, slots: number): Assignment => ({
  seats: Array(seats).fill(free),
  slots: Array(slots).fill(free),
  isDismissing: false,
  lostAssistants: 0,
});

/** What an event leads to. @param loadOf what the trial of a slot still has to do */
export function next(
  assignment: Assignment,
  event: AssignmentEvent,
  loadOf: (slot: number) => Load,
): { readonly assignment: Assignment; readonly commands: readonly Command[] } {
  const commands: Command[] = [];
  const draft: Draft = {
    ...assignment,
    seats: [...assignment.seats],
    slots: [...assignment.slots],
    commands,
  };
  happen(draft, event);
  if (!draft.seats.some(isAssisting)) letLeave(draft);
  dispatch(draft, loadOf);
  // A short trial's thread would hardly have begun to help when the next trial comes.
  if (event.kind === 'quiet') help(draft);
  const { seats, slots, isDismissing, lostAssistants } = draft;
  return { assignment: { seats, slots, isDismissing, lostAssistants }, commands };
}

interface Draft extends Assignment {
  seats: Seat[];
  slots: Slot[];
  isDismissing: boolean;
  lostAssistants: number;
  readonly commands: Command[];
}

const isAssisting = ({ state }: Seat): boolean => state === 'assisting';

const slotsThat = ({ slots }: Assignment, state: Slot['state']): number[] =>
  slots.flatMap((slot, index) => (slot.state === state ? [index] : []));

function happen(draft: Draft, event: AssignmentEvent): void {
  const { seats, slots, commands } = draft;
  switch (event.kind) {
    case 'started':
      slots[event.slot] = { state: 'waiting', restarts: false };
      return;
    case 'answered': {
      const seat = seats[event.seat];
      if (seat?.state !== 'training') throw new Error(`Seat ${event.seat} does not train.`);
      const slot = slots[seat.slot];
      const restarts = slot?.state === 'training' && slot.restarts;
      seats[event.seat] = free;
      slots[seat.slot] =
        event.end === 'yielded'
          ? { state: 'waiting', restarts }
          : { state: 'leaving', to: restarts && event.end === 'stopped' ? 'ready again' : 'settle' };
      return;
    }
    case 'assisted': {
      const seat = seats[event.seat];
      if (seat?.state !== 'assisting') throw new Error(`Seat ${event.seat} does not assist.`);
      seats[event.seat] = free;
      if (!event.isLost) return;
      draft.lostAssistants += 1;
      // A block that it had claimed would never be finished.
      for (const slot of seat.slots.filter((slot) => slots[slot]?.state === 'training')) {
        slots[slot] = { state: 'training', restarts: true };
        commands.push({ kind: 'ask to stop', slot });
      }
      return;
    }
    case 'quiet':
      return;
    case 'stop':
      for (const [index, slot] of slots.entries()) {
        if (event.slot !== 'all' && event.slot !== index) continue;
        if (slot.state === 'training') {
          slots[index] = { state: 'training', restarts: false };
          commands.push({ kind: 'ask to stop', slot: index });
        } else if (slot.state === 'waiting') slots[index] = { state: 'leaving', to: 'settle as stopped' };
        // It was stopped already, to go on: now it does not.
        else if (slot.state === 'leaving' && slot.to === 'ready again')
          slots[index] = { state: 'leaving', to: 'settle' };
      }
      return;
    default:
      event satisfies never;
  }
}

/** No assistant looks into an arena any more: trials at their end give theirs back, others go on in it. */
function letLeave(draft: Draft): void {
  if (draft.isDismissing) {
    draft.isDismissing = false;
    draft.commands.push({ kind: 'dismissed' });
  }
  for (const [index, slot] of draft.slots.entries()) {
    if (slot.state !== 'leaving') continue;
    draft.slots[index] = slot.to === 'ready again' ? { state: 'waiting', restarts: false } : free;
    draft.commands.push({ kind: slot.to, slot: index });
  }
}

/** Gives waiting trials to free threads. */
function dispatch(draft: Draft, loadOf: (slot: number) => Load): void {
  const { seats, slots, commands } = draft;
  if (seats.some(isAssisting) && slots.some(({ state }) => state === 'waiting' || state === 'leaving')) {
    if (!draft.isDismissing) commands.push({ kind: 'dismiss' });
    draft.isDismissing = true;
    return;
  }
  for (const [seat, { state }] of seats.entries()) {
    if (state !== 'free') continue;
    const waiting = slotsThat(draft, 'waiting');
    const slot = waiting[nextWaiting(waiting.map(loadOf)) ?? -1];
    if (slot === undefined) break;
    seats[seat] = { state: 'training', slot };
    slots[slot] = { ...(slots[slot] as Extract<Slot, { state: 'waiting' | 'training' }>), state: 'training' };
    commands.push({ kind: 'train', seat, slot });
  }
  askToYield(draft, loadOf);
}

/** Gives free threads others' epochs to measure. */
function help(draft: Draft): void {
  const { seats, commands } = draft;
  const training = slotsThat(draft, 'training');
  const wantsHelp = training.length > 0 && slotsThat(draft, 'waiting').length === 0;
  if (!wantsHelp || draft.isDismissing || draft.lostAssistants >= maxLostAssistants) return;
  for (const [seat, { state }] of seats.entries()) {
    if (state !== 'free') continue;
    seats[seat] = { state: 'assisting', slots: training };
    commands.push({ kind: 'assist', seat, slots: training });
  }
}

/** Asks the running trials that are furthest on to make room for those that wait. */
function askToYield(draft: Draft, loadOf: (slot: number) => Load): void {
  const loads = slotsThat(draft, 'waiting').map(loadOf);
  const furthest = slotsThat(draft, 'training')
    .map((slot) => ({ slot, load: loadOf(slot) }))
    .sort((a, b) => a.load.epochsLeft - b.load.epochsLeft);
  for (const [index, { slot, load }] of furthest.entries()) {
    const epochsLeft = index < loads.length ? yieldAt(load, loads) : 0;
    draft.commands.push({ kind: 'ask to yield', slot, epochsLeft });
  }
}
