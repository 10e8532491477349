/** One system of a comparison in a process of its own. */
import { fork } from 'node:child_process';
import { on } from 'node:events';
import { fileURLToPath } from 'node:url';
import { errorOf, TaggerError } from '../../core/errors.js';
import type { Answer, Order } from './system-process.js';

const script = fileURLToPath(new URL('./system-process.js', import.meta.url));

export type MeasuredSystem = Omit<Extract<Answer, { measured: unknown }>, 'kind'>;

/** Yields lines of progress. Throws the error of the process, E_WORKER where it ends without one, and AbortError after the signal. */
export async function* runSystem(order: Order, signal?: AbortSignal): AsyncGenerator<string, MeasuredSystem> {
  signal?.throwIfAborted();
  const child = fork(script, [], { serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2000);
  });
  try {
    child.send(order);
    const answers = on(child, 'message', { signal, close: ['exit'] });
    for await (const [answer] of answers as AsyncIterable<[Answer]>) {
      if ('progress' in answer) yield answer.progress;
      else if ('error' in answer) throw errorOf(answer.error);
      else return answer;
    }
  } finally {
    child.kill();
  }
  throw new TaggerError('E_WORKER', {
    message: 'the process of a system ended before its time',
    found: said.trim() || `exit code ${child.exitCode ?? child.signalCode}`,
    hint: 'more memory, or the comparison without that system',
  });
}
