/** Ctrl-C: the first asks the work to stop in order, the second ends the process at once. */

export const interruptedExit = 130;

/** Runs work that heeds a signal; `message` goes to stderr at the first Ctrl-C. */
export async function interruptible<T>(
  message: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onInterrupt = () => {
    if (controller.signal.aborted) process.exit(interruptedExit);
    console.error(`\n${message}`);
    controller.abort();
    // From now on the system itself ends the process, which it can do in the midst of a long computation too. Not at
    // once, since a second signal that came with the first would be lost.
    setImmediate(() => process.off('SIGINT', onInterrupt));
  };
  process.on('SIGINT', onInterrupt);
  try {
    return await work(controller.signal);
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}
