/** Something that is done again and again, never twice at once; what fails is tried again the next time. */
export function every(ms: number, act: () => Promise<void>): NodeJS.Timeout {
  let isAtIt = false;
  return setInterval(() => {
    if (isAtIt) return;
    isAtIt = true;
    act()
      .catch(() => {})
      .finally(() => {
        isAtIt = false;
      });
  }, ms);
}
