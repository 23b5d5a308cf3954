/** The entry of a thread that cannot start. */
throw new Error('planted: this thread cannot boot');

export {};
