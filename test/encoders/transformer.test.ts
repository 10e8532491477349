import { transformer } from '../../src/encoders/transformer.js';
import { encoderConformance } from '../conformance/encoder.js';

const options = (positions: string, layers: number, norm = 'pre', dropout = 0) => ({
  kind: 'transformer',
  layers,
  units: 6,
  heads: 2,
  feedForward: 7,
  positions,
  norm,
  inputDropout: dropout,
  attentionDropout: dropout,
  residualDropout: dropout,
  outputDropout: dropout,
});

encoderConformance(
  transformer,
  ['relative', 'sinusoidal'].flatMap((positions) =>
    [1, 2].map((layers) => ({
      name: `transformer ${positions}, layers ${layers}`,
      options: options(positions, layers),
      dropped: options(positions, layers, 'pre', 0.4),
    })),
  ),
);
