import { crf } from '../../src/decoders/crf.js';
import { decoderConformance } from '../conformance/decoder.js';
import { enumerate, pathScore } from '../support/crf.js';

/** log Σ exp of the scores of the allowed paths, minus that of the gold path. */
decoderConformance(
  'crf',
  crf,
  { kind: 'crf' },
  {
    scores: (values) => ({
      start: values('start'),
      transitions: values('transitions'),
      stop: values('stop'),
    }),
    loss: (chain, e, path) => enumerate(chain, e).logPartition - pathScore(chain, e, path),
  },
);
