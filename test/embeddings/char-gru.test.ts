import { charGru } from '../../src/embeddings/char-gru.js';
import { charRecurrentConformance } from './char-recurrent.js';

await charRecurrentConformance(charGru, 'char-gru');
