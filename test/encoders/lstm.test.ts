import { lstm } from '../../src/encoders/lstm.js';
import { recurrentConformance } from '../conformance/recurrent.js';

recurrentConformance(lstm, 'lstm');
