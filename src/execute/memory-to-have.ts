/**
 * How much memory this process may take.
 * Not here: who is given how much of it.
 */
import { totalmem } from 'node:os';

/**
 * What the system may give, in bytes: all that it has, or the limit of the container. Not what it calls available: in a
 * container and on macOS that leaves out what files that were read take, which is given back at once.
 */
export const memoryToHave = (limit = process.constrainedMemory(), total = totalmem()): number =>
  limit > 0 ? Math.min(limit, total) : total;
