/** The LSTM of Gers et al. 2000 against tfjs. */
import { lstm } from '../../src/encoders/lstm.js';
import { type EncoderOracle, encoderParity } from './encoder-parity.js';
import { lstmStep } from './lstm-step.js';
import { recurrence } from './recurrence.js';

const UNITS = 3;

const oracle =
  (direction: string, layers: number): EncoderOracle =>
  (x, get) =>
    recurrence(x, { direction, layers, units: UNITS, states: 2, step: (name) => lstmStep(name, get) });

encoderParity(
  lstm,
  ['forward', 'backward', 'both'].flatMap((direction) =>
    [1, 2].map((layers) => ({
      name: `lstm ${direction}, layers ${layers}`,
      options: { kind: 'lstm', units: UNITS, direction, layers, inputDropout: 0, outputDropout: 0 },
      oracle: oracle(direction, layers),
    })),
  ),
);
