/**
 * What a command is busy with, on stderr: one line that is gone when the work is done.
 * Not here: a sweep's own progress (live-progress.ts).
 */
import type { ProgressStream } from './progress-stream.ts';

/** Work that is done sooner is not worth a line in a log. */
const quietMs = 1000;

/** Says what happens next: `drawing heat-map`. */
export type Step = (what: string) => void;

/**
 * Does the work. Its answer comes when the line is gone, so that nothing can be written behind it. Without a terminal,
 * steps are plain lines, once the work takes long.
 */
export async function withSteps<Answer>(
  stream: ProgressStream,
  work: (step: Step) => Answer | Promise<Answer>,
): Promise<Answer> {
  const started = performance.now();
  let isShown = false;
  try {
    return await work((what) => {
      if (stream.isTTY === true) {
        stream.write(`\r${what} ...\u001b[K`);
        isShown = true;
      } else if (performance.now() - started > quietMs) {
        stream.write(`${what} ...\n`);
      }
    });
  } finally {
    if (isShown) stream.write('\r\u001b[K');
  }
}
