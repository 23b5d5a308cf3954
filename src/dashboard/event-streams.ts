/**
 * The state of everything, pushed to every open page when it has changed (server-sent events).
 * Not here: what the state is (source.ts).
 *
 * A message is a state, not a step: a client with the newest has missed nothing, so a page that was reloaded or cut off needs
 * no history. Only the curves of running trials come in pieces, and each connection begins with all of them.
 */
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Times } from '../findings/live.ts';
import type { StateEvent } from './answers.ts';
import type { Source } from './source.ts';

/**
 * More pages than a person has open; each costs a socket and a look at the state a second. A stream beyond ends the oldest
 * of the address that has the most, so no client can keep others out. Programs of one machine cannot be told apart: there
 * the oldest of all goes. Its page, if it is one, comes back by itself, later than usual so that two do not fight.
 */
const mostStreams = 32;
const comeBackMs = { usual: 1000, displaced: 5000 };
/** A reader who is this far behind is cut off: its browser comes back and gets the newest state. */
const mostUnreadBytes = 4 * 2 ** 20;
const heartbeatEveryMs = 10_000;

interface Stream {
  readonly address: string | undefined;
  readonly response: ServerResponse;
  /** Id of the state that was sent last, also by an earlier connection of the same page. */
  seen: string | undefined;
  /** Of each running trial, the last step that was sent. */
  steps: ReadonlyMap<number, number>;
}

export class EventStreams implements Disposable {
  readonly #source: Source;
  readonly #everyMs: number;
  readonly #streams = new Set<Stream>();
  #timer: NodeJS.Timeout | undefined;
  #lastWrite = 0;

  constructor(source: Source, everyMs: number) {
    this.#source = source;
    this.#everyMs = everyMs;
  }

  /** Answers a request with a stream. */
  open(request: IncomingMessage, response: ServerResponse, head: Record<string, string>): void {
    if (this.#streams.size >= mostStreams) this.#displaceOne();
    response.writeHead(200, { ...head, 'content-type': 'text/event-stream; charset=utf-8' });
    const given = request.headers['last-event-id'];
    const seen = Array.isArray(given) ? undefined : given;
    const stream = { address: request.socket.remoteAddress, response, seen, steps: new Map() };
    this.#streams.add(stream);
    response.on('close', () => this.#drop(stream));
    response.write(`retry: ${comeBackMs.usual}\n\n`);
    // Nobody is looked for while nobody looks.
    this.#timer ??= setInterval(() => this.#tick(), this.#everyMs);
    this.#tick();
  }

  #displaceOne(): void {
    // Both keep the order in which they were opened.
    const byAddress = Map.groupBy(this.#streams, ({ address }) => address);
    const [most = []] = [...byAddress.values()].sort((a, b) => b.length - a.length);
    const [oldest] = most;
    if (oldest === undefined) return;
    oldest.response.end(`retry: ${comeBackMs.displaced}\n\n`);
    this.#drop(oldest);
  }

  #drop(stream: Stream): void {
    this.#streams.delete(stream);
    if (this.#streams.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #tick(): void {
    const now = performance.now();
    const beat = now - this.#lastWrite >= heartbeatEveryMs;
    if (beat) this.#lastWrite = now;
    const state = this.#stateOrNothing();
    const id = state && stateId(state);
    for (const stream of this.#streams) {
      if (stream.response.writableLength > mostUnreadBytes) stream.response.destroy();
      else if (!(state && id && sendNews(stream, state, id)) && beat) stream.response.write(':\n\n');
    }
  }

  /** A database that is busy or damaged in this moment is asked again at the next tick; requests tell what is wrong. */
  #stateOrNothing(): StateEvent | undefined {
    try {
      return this.#source.state();
    } catch {
      return undefined;
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    for (const { response } of this.#streams) response.end();
  }
}

function stateId({ experiments, running }: StateEvent): string {
  // The times of running trials are sent again when they have changed by a second.
  const second = (times: Times | null) => Math.round(times?.elapsed ?? 0);
  const marks = experiments.map(
    ({ id, revision, state, times }) => `${id} ${revision} ${state} ${second(times)}`,
  );
  const text = [...marks, ...running.map(({ id }) => id)].join('\n');
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

/** Sends what this stream does not know yet; false where it knows everything. */
function sendNews(stream: Stream, state: StateEvent, id: string): boolean {
  const running = state.running.map((trial) => {
    const sent = stream.steps.get(trial.id) ?? 0;
    return { ...trial, curve: trial.curve.filter(({ step }) => step > sent) };
  });
  if (stream.seen === id && running.every(({ curve }) => curve.length === 0)) return false;
  stream.seen = id;
  stream.steps = new Map(state.running.map((trial) => [trial.id, trial.curve.at(-1)?.step ?? 0]));
  const data: StateEvent = { experiments: state.experiments, running };
  stream.response.write(`id: ${id}\nevent: state\ndata: ${JSON.stringify(data)}\n\n`);
  return true;
}
