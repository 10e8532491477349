import { softmax } from '../../src/decoders/softmax.js';
import { decoderConformance } from '../conformance/decoder.js';

/** Every token by itself: log Σ exp of its emissions, forbidden or not, minus that of the gold tag. */
decoderConformance(
  'softmax',
  softmax,
  { kind: 'softmax' },
  {
    loss: (_chain, e, path) =>
      e.reduce((sum, row, t) => {
        const top = Math.max(...row);
        return (
          sum + top + Math.log(row.reduce((all, score) => all + Math.exp(score - top), 0)) - row[path[t]]
        );
      }, 0),
  },
);
