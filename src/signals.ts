/**
 * What signals do: the first one asks for an orderly end, which must not take long; the second one is the end.
 * Not here: what an orderly end is, which the running command decides.
 */

/** Exit codes of a process that a signal has ended. */
const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** npm and terminals may deliver one Ctrl-C twice. */
const samePressMs = 300;
/** An orderly end takes a mini-batch and a commit; what takes longer is cut off, and goes on from its last checkpoint. */
const orderlyEndMs = 1_700;

let code: (typeof exitCodes)[keyof typeof exitCodes] | undefined;

/** The exit code of the signal that has asked this process to end; undefined where none has. */
export const stoppedBy = (): number | undefined => code;

/** Listens for signals; what is returned is aborted by the first one. */
export function stopSignal(): AbortSignal {
  const controller = new AbortController();
  let firstAt = 0;
  const end = () => process.exit(code);
  for (const [name, exitCode] of Object.entries(exitCodes) as [keyof typeof exitCodes, 129 | 130 | 143][]) {
    process.on(name, () => {
      const now = performance.now();
      if (code !== undefined) {
        if (now - firstAt > samePressMs) end();
        return;
      }
      firstAt = now;
      code = exitCode;
      controller.abort();
      // Unless the process has ended by then, it is waiting for something that may never come.
      setTimeout(end, orderlyEndMs).unref();
    });
  }
  return controller.signal;
}
