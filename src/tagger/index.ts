export { type Annotation, type TaggedToken, Tagger } from './tagger.js';
