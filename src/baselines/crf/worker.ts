/** What runs in a worker thread of a training: one member of the team. */
import type { MessagePort } from 'node:worker_threads';
import { type ErrorData, errorData } from '../../core/errors.js';
import { Broken } from '../../core/meeting.js';
import { type FitPlan, fit } from './fit.js';

export interface WorkerTask {
  readonly plan: FitPlan;
  readonly index: number;
  /** Where one of the members shows the iterations. */
  readonly port?: MessagePort;
}

/** Resolves at the end of the work; with the error that ended it where there was one. */
export default function work({ plan, index, port }: WorkerTask): ErrorData | undefined {
  try {
    for (const iteration of fit(plan, index)) port?.postMessage(iteration);
    return undefined;
  } catch (error) {
    // The owner knows why.
    return error instanceof Broken ? undefined : errorData(error);
  } finally {
    port?.close();
  }
}
