/** What an epoch tells of the state of the network, beside loss and score. */
import type { SharedNetwork } from '../tagger/network.js';
import { type Activations, activationsOf } from './activations.js';
import { layersOf } from './layers.js';
import { type LayerNorms, layerNorms } from './watch.js';
import type { EncodedSentence } from './windows.js';

export interface Monitors extends LayerNorms, Activations {}

/** At the end of an epoch, while the packed copies of the parameters are up to date; `watched` are the sums of its steps. */
export function monitorsOf(
  network: SharedNetwork,
  sentences: readonly EncodedSentence[],
  watched: readonly number[],
): Monitors {
  return { ...layerNorms(layersOf(network.params).names, watched), ...activationsOf(network, sentences) };
}
