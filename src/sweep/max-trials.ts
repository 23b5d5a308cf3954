/** A grid of more trials must be asked for. */
export const defaultMaxTrials = 10_000;
