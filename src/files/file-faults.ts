/** What the errors of the file system mean to a person. Not here: those of a database (store/explained.ts). */
import { CoresweepError, errors } from '../errors.ts';

/** What `error`, thrown while working on the file at `path`, means to a person; anything unknown stays as it is. */
export const fileFault = (path: string, error: unknown): unknown =>
  error instanceof Error && !(error instanceof CoresweepError) && 'syscall' in error
    ? errors.fileSystemFault(path, error)
    : error;

/** `act` with the errors of the file system put into words; `path` is the file it works on. */
export const onFile = <Args extends unknown[], Result>(path: string, act: (...args: Args) => Result) =>
  explainedBy((error) => fileFault(path, error), act);

/** `act` that throws what `explain` makes of its errors. */
export const explainedBy =
  <Args extends unknown[], Result>(explain: (error: unknown) => unknown, act: (...args: Args) => Result) =>
  (...args: Args): Result => {
    try {
      return act(...args);
    } catch (error) {
      throw explain(error);
    }
  };
