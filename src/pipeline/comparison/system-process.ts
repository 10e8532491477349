/** The process of one system: what it takes of memory is nobody else's. It is given one order, and answers with records and a result. */
import { type ErrorData, errorData } from '../../core/errors.js';
import { peakBytes } from '../../core/peak-memory.js';
import { drain } from '../../core/relay.js';
import { type BaselinePlan, trainBaseline } from './baseline-system.js';
import { type Measured, measure } from './measure.js';
import { openModel } from './model-system.js';
import { type OnnxOptions, openOnnx, type Task } from './onnx-system.js';
import type { Documents, System } from './system.js';

export interface Order {
  readonly system:
    | { readonly model: string }
    | { readonly baseline: BaselinePlan }
    | { readonly onnx: OnnxOptions; readonly task: Task };
  readonly documents: Documents;
}

export type Answer =
  | { readonly progress: string }
  | { readonly measured: Measured; readonly peakBytes: number }
  | { readonly error: ErrorData };

process.once('message', async (order: Order) => {
  const answer = await work(order).catch((error): Answer => ({ error: errorData(error) }));
  await tell(answer);
  if (process.connected) process.disconnect();
});

/** Whoever wants to know may be killed: then training is for nobody. */
const gone = new AbortController();
process.once('disconnect', () => gone.abort());

async function work({ system: plan, documents }: Order): Promise<Answer> {
  const system = await open(plan);
  try {
    const measured = await measure(system, documents);
    return { measured, peakBytes: peakBytes() };
  } finally {
    await system.close();
  }
}

async function open(plan: Order['system']): Promise<System> {
  if ('model' in plan) return openModel(plan.model);
  if ('onnx' in plan) return openOnnx(plan.onnx, plan.task);
  return drain(trainBaseline(plan.baseline, gone.signal), ({ text }) => void tell({ progress: text }));
}

function tell(answer: Answer): Promise<void> {
  return new Promise((resolve) => {
    // Nobody reads any more where that fails, and the process ends.
    process.send?.(answer, undefined, undefined, () => resolve());
  });
}
