/** The errors of a training whose numbers are no longer finite. */
import { TaggerError } from '../core/errors.js';

/**
 * `began`: the first layer that puts out what is not finite, the decoder where there is none; `names`: parameters with such values.
 * Steps count from 0 here, from 1 in the message.
 */
export function lossNotFinite(
  loss: number,
  { began = 'decoder', names }: { readonly began?: string; readonly names: readonly string[] },
  epoch: number,
  step: number,
): TaggerError {
  const where = names.length > 0 ? `; values that are not finite in ${names.join(', ')}` : '';
  return diverged(`the loss is ${loss}, which began in ${began}${where}`, epoch, step + 1);
}

/** `names`: parameters whose gradient is not finite. */
export function gradientNotFinite(names: readonly string[], epoch: number, step: number): TaggerError {
  return diverged(`the gradient of ${names.join(', ') || 'the network'} is not finite`, epoch, step + 1);
}

function diverged(what: string, epoch: number, step: number): TaggerError {
  return new TaggerError('E_TRAINING', {
    message: `training diverged: ${what}`,
    place: { record: `epoch ${epoch}, step ${step} (batch ${step} of the epoch)` },
    hint: 'a lower training.optimizer.rate, or a lower training.clip',
  });
}
