import { rnn } from '../../src/encoders/rnn.js';
import { recurrentConformance } from '../conformance/recurrent.js';

recurrentConformance(rnn, 'rnn with tanh', { activation: 'tanh' });
recurrentConformance(rnn, 'rnn with relu', { activation: 'relu' });
