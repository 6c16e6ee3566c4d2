/** Resolves as soon as the predicate is true; checked at once and after every change. Rejects after the time. */
export function until(
  onChange: (listener: () => void) => () => void,
  predicate: () => boolean,
  timeoutMs: number,
): Promise<void> {
  return new Promise((resolve, reject) => {
    let stop = () => {};
    function check(): void {
      try {
        if (!predicate()) return;
        resolve();
      } catch (error) {
        reject(error);
      }
      clearTimeout(timer);
      stop();
    }
    const timer = setTimeout(() => {
      stop();
      reject(
        new Error(`Telegram did not come to show what was waited for within ${timeoutMs} ms: ${predicate}`),
      );
    }, timeoutMs);
    stop = onChange(check);
    check();
  });
}
