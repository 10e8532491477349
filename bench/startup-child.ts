/** A program that imports the library, loads the model of its first argument and annotates; prints how long each took, in ms. */
const began = performance.now();
const { Tagger } = await import('../dist/index.js');
const imported = performance.now();
const tagger = await Tagger.load(process.argv[2]);
const loaded = performance.now();
const { tokens } = tagger.annotate('Ada Lovelace lived in London. She wrote the first program in 1843.');
const annotated = performance.now();
if (tokens.length === 0) throw new Error('nothing was annotated');

export interface FirstAnnotation {
  readonly import: number;
  readonly load: number;
  readonly annotate: number;
}

const times: FirstAnnotation = {
  import: imported - began,
  load: loaded - imported,
  annotate: annotated - loaded,
};
console.log(JSON.stringify(times));
