/** What a thread of `side-by-side.ts` does: one run of a pipeline. */
import { errorData } from '../core/errors.js';
import { drain } from '../core/relay.js';
import { runPipeline } from './run.js';
import type { Message, Task } from './side-by-side.js';

/** Sends all records, and then how it ended. The other side closes the port. */
export default async function runTask({ pipeline, options, port }: Task): Promise<void> {
  const controller = new AbortController();
  // The only word that comes is the one to stop.
  port.once('message', () => controller.abort());
  const send = (message: Message) => port.postMessage(message);
  try {
    const run = runPipeline(pipeline, { ...options, workers: 1, signal: controller.signal });
    send({ result: await drain(run, (record) => send({ record })) });
  } catch (error) {
    send({ error: errorData(error) });
  }
}
