/** Ctrl-C and SIGTERM: the first asks the work to stop in order, the second ends the process at once. */
import { constants } from 'node:os';

const signals = ['SIGINT', 'SIGTERM'] as const;
let received: (typeof signals)[number] = 'SIGINT';

/** The exit code of a command that was interrupted: 130 after Ctrl-C, 143 after SIGTERM. */
export const interruptedExit = (): number => 128 + constants.signals[received];

/** Runs work that heeds a signal; `message` goes to stderr at the first Ctrl-C. */
export async function interruptible<T>(
  message: string,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const onInterrupt = (name: NodeJS.Signals) => {
    received = name as typeof received;
    if (controller.signal.aborted) process.exit(interruptedExit());
    console.error(`\n${message}`);
    controller.abort();
    // From now on the system itself ends the process, which it can do in the midst of a long computation too. Not at
    // once, since a second signal that came with the first would be lost.
    setImmediate(stopListening);
  };
  const stopListening = () => {
    for (const name of signals) process.off(name, onInterrupt);
  };
  for (const name of signals) process.on(name, onInterrupt);
  try {
    return await work(controller.signal);
  } finally {
    stopListening();
  }
}
