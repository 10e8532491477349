/** A pretrained transformer as an embedding. What its layers compute is compared with PyTorch and tfjs in test/parity. */
import { describe, expect, it } from 'vitest';
import { engine } from '../../src/core/engine.js';
import { Params } from '../../src/core/params.js';
import { Random } from '../../src/core/random.js';
import { bert } from '../../src/embeddings/bert.js';
import { Forms } from '../../src/text/forms.js';
import { Tracks } from '../../src/text/tracks.js';
import { embeddingConformance, embeddingLayer, learning } from '../conformance/embedding.js';
import { Trial } from '../conformance/layer.js';
import { type CheckpointWishes, checkpointFiles, kinds, type ModelType } from '../support/checkpoint.js';
import { workspace } from '../support/workspace.js';

/** Options with a checkpoint of its own. */
function optionsOf(wishes: CheckpointWishes = {}, dropout = 0) {
  const checkpoint = workspace(checkpointFiles(wishes)).path('checkpoint');
  return { kind: 'bert', checkpoint, dropout, attentionDropout: dropout };
}

await embeddingConformance(bert, [
  ...(Object.keys(kinds) as ModelType[]).map((type) => ({
    name: type,
    options: optionsOf({ type }),
    random: optionsOf({ type }, 0.3),
    contextual: true,
  })),
  {
    name: 'bert with windows of two pieces',
    options: optionsOf({ sizes: { positions: 4 } }),
    random: optionsOf({ sizes: { positions: 4 } }, 0.3),
    contextual: true,
  },
]);

async function trialOf(wishes: CheckpointWishes, sentences: readonly (readonly string[])[]): Promise<Trial> {
  const options = optionsOf(wishes);
  const vocabulary = await bert.learn(bert.options.parse(options), learning);
  const trial = new Trial(embeddingLayer(bert, options, vocabulary, sentences));
  trial.bench.params.initialize(new Random(1));
  return trial;
}

/** Rows of the tokens of all sentences. */
function rowsOf(trial: Trial): number[][] {
  const y = [...trial.output()];
  const { width } = kinds.bert.sizes;
  return Array.from({ length: y.length / width }, (_, i) => y.slice(i * width, (i + 1) * width));
}

describe('what a word depends on', () => {
  it('is its whole sentence, and no other', async () => {
    const trial = await trialOf({}, [['the', 'alps'], ['the', 'rise'], ['the']]);
    const [first, , second, , alone] = rowsOf(trial);
    expect(first).not.toEqual(second);
    expect(first).not.toEqual(alone);
  });

  it('is its place', async () => {
    const [first, second] = rowsOf(await trialOf({}, [['the', 'the']]));
    expect(first).not.toEqual(second);
  });

  it('is the first piece, of which the others are context', async () => {
    const trial = await trialOf({}, [['risen'], ['rise']]);
    const [long, short] = rowsOf(trial);
    expect(long).not.toEqual(short);
  });

  it('is the words of its window, where a sentence has more pieces than there are positions', async () => {
    const half = ['the', 'alps', 'rise'];
    const trial = await trialOf({ sizes: { positions: 5 } }, [[...half, ...half], half]);
    const rows = rowsOf(trial);
    expect(rows.slice(3, 6)).toEqual(rows.slice(0, 3));
    expect(rows.slice(6)).toEqual(rows.slice(0, 3));
  });

  it('is the first pieces of a word that is longer than a window', async () => {
    const trial = await trialOf({ sizes: { positions: 5 } }, [['risenss'], ['risens'], ['of']]);
    const [long, short] = rowsOf(trial);
    expect(long).toEqual(short);
  });
});

it('shows a word of which the tokenizer leaves nothing as the unknown word', async () => {
  const [nothing, unknown] = rowsOf(await trialOf({}, [['\u200b'], ['zebra']]));
  expect(nothing).toEqual(unknown);
});

it('takes the dropout of the checkpoint where none is given', async () => {
  const rates = { hidden_dropout_prob: 0.4, attention_probs_dropout_prob: 0.4 };
  const { kind, checkpoint } = optionsOf({ config: rates });
  const outputs = await Promise.all(
    [{}, { dropout: 0, attentionDropout: 0 }].map(async (given) => {
      const options = { kind, checkpoint, ...given };
      const vocabulary = await bert.learn(bert.options.parse(options), learning);
      const trial = new Trial(embeddingLayer(bert, options, vocabulary));
      return { random: trial.output([1]), sure: trial.output() };
    }),
  );
  const [usual, none] = outputs;
  expect(usual.random).not.toEqual(usual.sure);
  expect(none.random).toEqual(none.sure);
});

it('says the same where no backward pass follows', async () => {
  const options = optionsOf();
  const vocabulary = await bert.learn(bert.options.parse(options), learning);
  const layer = embeddingLayer(bert, options, vocabulary);
  const create: typeof layer.create = (params) => {
    const forward = layer.create(params);
    return (x, run) => forward(x, { ...run, gradients: 0 });
  };
  expect(new Trial({ ...layer, create }).output()).toEqual(new Trial(layer).output());
});

it('has nothing of the training words in its vocabulary, and says what it is', async () => {
  const options = bert.options.parse(optionsOf());
  const vocabulary = await bert.learn(options, learning);
  expect(Object.keys(bert.save(vocabulary).json as object)).toEqual(['model', 'marks', 'tokenizer']);
  expect(bert.describe(options, vocabulary)).toBe(`bert ${options.checkpoint} (2 layers of 4, 12 pieces)`);
});

it('gives no first values without its checkpoint', async () => {
  const options = bert.options.parse(optionsOf());
  const saved = JSON.parse(JSON.stringify(bert.save(await bert.learn(options, learning)).json));
  const vocabulary = bert.load(options, saved);
  const { heap } = engine();
  const params = new Params(heap);
  const context = { params, name: 'e', forms: new Forms(heap), tracks: new Tracks() };
  bert.create(options, bert.sizes(vocabulary), { ...context, vocabulary: () => vocabulary });
  params.allocate();
  expect(() => params.initialize(new Random(1))).toThrow('first values are those of a checkpoint');
  params.release();
});
