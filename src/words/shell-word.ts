/** A word of a command line that somebody may copy. */

/** As a POSIX shell takes it whole. */
export const shellQuoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
