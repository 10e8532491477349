/** One step of training: the gradient of a batch, its norm checked and clipped, and the optimizer. */
import { Arena } from '../core/arena.js';
import { makeBatch } from '../core/batch.js';
import { TaggerError } from '../core/errors.js';
import { gradientNorm, notFinite, notFiniteGradients } from '../core/gradients.js';
import type { Random } from '../core/random.js';
import type { Run } from '../core/run.js';
import type { Network } from '../tagger/network.js';
import type { Optimizer } from './optimizers.js';

/** A sentence as the network takes it: form ids and gold tags, one each a token. */
export interface EncodedSentence {
  readonly forms: Int32Array;
  readonly tags: Int32Array;
}

export class Trainer {
  private readonly network: Network;
  private readonly optimizer: Optimizer;
  private readonly clip: number;
  private readonly arena: Arena;
  private readonly gradients: number;

  constructor(network: Network, optimizer: Optimizer, clip: number) {
    this.network = network;
    this.optimizer = optimizer;
    this.clip = clip;
    this.arena = new Arena(network.engine.heap);
    this.gradients = network.engine.heap.allocateZeros(network.params.size * 4);
  }

  step(
    sentences: readonly EncodedSentence[],
    rate: number,
    random: Random,
    at: { epoch: number; step: number },
  ): { loss: number; norm: number; tokens: number } {
    const { network, arena, gradients } = this;
    const { kernels } = network.engine;
    const { params } = network;
    arena.reset();
    const batch = makeBatch(
      sentences.map(({ forms }) => forms),
      arena,
    );
    const run: Run = { kernels, arena, params, batch, random, gradients, tableGradients: [] };
    const tags = arena.words(batch.tokens);
    const view = arena.heap.i32;
    sentences.forEach((sentence, s) => {
      for (let t = 0; t < sentence.tags.length; t++) {
        view[(tags >>> 2) + batch.firstRows[t] + batch.rank[s]] = sentence.tags[t];
      }
    });
    const [loss, backward] = network.loss(tags, run);
    if (!Number.isFinite(loss)) throw diverged(lossMessage(loss, notFinite(kernels, params)), at);
    backward();
    const norm = gradientNorm(kernels, params, gradients, run.tableGradients);
    if (!Number.isFinite(norm)) {
      const names = notFiniteGradients(kernels, params, gradients, run.tableGradients);
      throw diverged(`the gradient of ${names.join(', ') || 'the network'} is not finite`, at);
    }
    this.optimizer.step(gradients, run.tableGradients, rate, norm > this.clip ? this.clip / norm : 1);
    params.version++;
    return { loss, norm, tokens: batch.tokens };
  }

  release(): void {
    this.arena.release();
    this.network.engine.heap.release(this.gradients);
  }
}

function diverged(what: string, { epoch, step }: { epoch: number; step: number }): TaggerError {
  return new TaggerError('E_TRAINING', {
    message: `training diverged: ${what}`,
    place: { record: `epoch ${epoch}, step ${step} (batch ${step} of the epoch)` },
    hint: 'a lower training.optimizer.rate, or a lower training.clip',
  });
}

function lossMessage(loss: number, names: readonly string[]): string {
  const where = names.length > 0 ? `; values that are not finite in ${names.join(', ')}` : '';
  return `the loss is ${loss}${where}`;
}
