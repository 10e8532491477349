import { crf, crfOptions } from '../../src/decoders/crf.js';
import { chainDistributionConformance } from '../conformance/chain-distribution.js';
import { decoderConformance } from '../conformance/decoder.js';
import { enumerate, pathScore } from '../support/crf.js';
import { chainDefinition } from '../support/decoder-definition.js';

/** log Σ exp of the scores of the allowed paths, minus that of the gold path. */
const definition = chainDefinition(
  (chain, e, path) => enumerate(chain, e).logPartition - pathScore(chain, e, path),
  (values) => ({ start: values('start'), transitions: values('transitions'), stop: values('stop') }),
);

const options = { kind: 'crf' };
decoderConformance('crf', crf, options, definition);
chainDistributionConformance({
  name: 'crf',
  create: (...args) => crf.create(crfOptions.parse(options), ...args),
  definition,
});
