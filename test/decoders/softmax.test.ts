import { softmax, softmaxOptions } from '../../src/decoders/softmax.js';
import { chainDistributionConformance } from '../conformance/chain-distribution.js';
import { decoderConformance } from '../conformance/decoder.js';
import { chainDefinition, crossEntropy } from '../support/decoder-definition.js';

const definition = (smoothing: number) =>
  chainDefinition((_chain, e, path) => crossEntropy(e, path, smoothing));

const options = { kind: 'softmax' };
decoderConformance('softmax', softmax, options, definition(0));
decoderConformance('softmax, smoothed', softmax, { ...options, labelSmoothing: 0.1 }, definition(0.1));
chainDistributionConformance({
  name: 'softmax',
  create: (...args) => softmax.create(softmaxOptions.parse(options), ...args),
  definition: definition(0),
});
