export { type Annotation, type GoldSentence, type TaggedToken, Tagger } from './tagger.js';
