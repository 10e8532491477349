/** The other taggers that Node has. All of them know English by word lists and rules, and cannot be trained on a corpus of entities. */
import { createRequire } from 'node:module';

export interface Peer {
  readonly name: string;
  readonly does: string;
  /** Loads it; the function takes a text and does all that it does. */
  readonly open: () => Promise<(text: string) => void> | ((text: string) => void);
}

const require = createRequire(import.meta.url);

/** Its parts by their own files: the root of natural opens databases. */
function brill(): (text: string) => void {
  const at = (path: string) => require(`natural/lib/natural/${path}.js`);
  const [Lexicon, RuleSet, Tagger] = ['Lexicon', 'RuleSet', 'Brill_POS_Tagger'].map((name) =>
    at(`brill_pos_tagger/lib/${name}`),
  );
  const Tokenizer = at('tokenizers/treebank_word_tokenizer');
  const SentenceTokenizer = at('tokenizers/sentence_tokenizer_deprecated');
  const tagger = new Tagger(new Lexicon('EN', 'NN', 'NNP'), new RuleSet('EN'));
  const [words, sentences] = [new Tokenizer(), new SentenceTokenizer()];
  return (text) => {
    for (const sentence of sentences.tokenize(text)) tagger.tag(words.tokenize(sentence));
  };
}

async function wink(): Promise<(text: string) => void> {
  const [{ default: winkNLP }, { default: model }] = await Promise.all([
    import('wink-nlp'),
    import('wink-eng-lite-web-model'),
  ]);
  const nlp = winkNLP(model);
  return (text) => {
    const document = nlp.readDoc(text);
    document.tokens().out(nlp.its.pos);
    document.entities().out(nlp.its.detail);
  };
}

async function compromise(): Promise<(text: string) => void> {
  const { default: nlp } = await import('compromise');
  return (text) => {
    const document = nlp(text);
    document.people().out('array');
    document.places().out('array');
    document.organizations().out('array');
  };
}

export const peers: readonly Peer[] = [
  { name: "natural's Brill tagger", does: 'parts of speech', open: brill },
  { name: 'wink-nlp', does: 'parts of speech; dates, numbers and the like', open: wink },
  { name: 'compromise', does: 'parts of speech; people, places, organisations', open: compromise },
];
