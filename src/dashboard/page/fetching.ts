/** Questions to the server. Not here: the stream of states (live.ts). */
import type { FaultAnswer } from '../answers.ts';

/** The JSON answer to a path below /api; throws with the server's words where it has none. */
export async function getJson<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  return (await answered(path, signal)).json() as Promise<Answer>;
}

export async function getBytes(path: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  return (await answered(path, signal)).arrayBuffer();
}

async function answered(path: string, signal?: AbortSignal): Promise<Response> {
  const response = await fetch(`/api/${path}`, signal === undefined ? {} : { signal });
  if (response.ok) return response;
  throw new Error(await reasonOf(response));
}

async function reasonOf(response: Response): Promise<string> {
  try {
    return ((await response.json()) as FaultAnswer).error;
  } catch {
    return `The server answered with ${response.status}.`;
  }
}

/** An answer that is asked for again whenever what it depends on has changed: one question at a time, the newest wins. */
export class Kept<Answer> {
  readonly #show: (answer: Answer) => void;
  readonly #fail: (reason: string) => void;
  readonly #closing = new AbortController();
  #wanted: { readonly path: string; readonly mark: string } | undefined;
  #isAsking = false;

  constructor(show: (answer: Answer) => void, fail: (reason: string) => void) {
    this.#show = show;
    this.#fail = fail;
  }

  /** Asks for `path` unless this was the last question and `mark` (of the state it depends on) is still the same. */
  want(path: string, mark: string): void {
    if (this.#wanted?.path === path && this.#wanted.mark === mark) return;
    this.#wanted = { path, mark };
    if (!this.#isAsking) void this.#ask();
  }

  close(): void {
    this.#closing.abort();
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    const { signal } = this.#closing;
    for (let asked: unknown; asked !== this.#wanted && !signal.aborted; ) {
      const question = this.#wanted;
      asked = question;
      if (question === undefined) break;
      try {
        const answer = await getJson<Answer>(question.path, signal);
        if (question === this.#wanted && !signal.aborted) this.#show(answer);
      } catch (error) {
        if (!signal.aborted) this.#fail(error instanceof Error ? error.message : String(error));
      }
    }
    this.#isAsking = false;
  }
}
