import { gru } from '../../src/encoders/gru.js';
import { recurrentConformance } from '../conformance/recurrent.js';

recurrentConformance(gru, 'gru');
