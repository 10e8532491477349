import { charCnn } from '../../src/embeddings/char-cnn.js';
import { embeddingConformance } from '../conformance/embedding.js';
import { charConformance } from './char-words.js';

const options = (width: number, dropout = 0) => ({ kind: 'char-cnn', dim: 4, filters: 5, width, dropout });

await embeddingConformance(
  charCnn,
  [1, 3, 5].map((width) => ({
    name: `char-cnn of width ${width}`,
    options: options(width),
    random: options(width, 0.4),
    limit: 2,
  })),
);

await charConformance('char-cnn', charCnn, (dropout) => options(3, dropout));
