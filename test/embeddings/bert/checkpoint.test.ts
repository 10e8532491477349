/** What is read of a checkpoint, and what is said of one that cannot be used. */
import { afterEach, describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.js';
import type { Tensor } from '../../../src/core/safetensors.js';
import { bert } from '../../../src/embeddings/bert.js';
import { embeddingLayer, learning } from '../../conformance/embedding.js';
import { Trial } from '../../conformance/layer.js';
import { type CheckpointWishes, checkpointFiles, type Fill, waves } from '../../support/checkpoint.js';
import { expectClose } from '../../support/close.js';
import { taggerErrorOf } from '../../support/tagger-error.js';
import { workspace } from '../../support/workspace.js';

const place = { file: 'p.yaml', key: 'embeddings[0]' };

const learn = (checkpoint: string, base?: string) =>
  bert.learn(bert.options.parse({ kind: 'bert', checkpoint }), { ...learning, place, base });

/** What a model with first values from this checkpoint says. */
async function outputOf(wishes: CheckpointWishes): Promise<Float32Array> {
  const checkpoint = workspace(checkpointFiles(wishes)).path('checkpoint');
  const vocabulary = await learn(checkpoint);
  const trial = new Trial(embeddingLayer(bert, { kind: 'bert', checkpoint }, vocabulary));
  trial.bench.params.initialize(new Random(1));
  return trial.output();
}

const renamed = (name: (old: string) => string) => (tensors: Map<string, Tensor>) =>
  new Map(Array.from(tensors, ([old, tensor]) => [name(old), tensor]));

/** Numbers that all types of floats hold. */
const coarse: Fill = (...of) => waves(...of).map((value) => Math.round(value * 32) / 32);

const halfOf = (value: number): number => {
  const size = Math.abs(value);
  if (size === 0) return 0;
  const exponent = Math.floor(Math.log2(size));
  return (value < 0 ? 0x8000 : 0) | ((exponent + 15) << 10) | ((size / 2 ** exponent - 1) * 1024);
};
const bfloatOf = (value: number): number => new Uint32Array(Float32Array.of(value).buffer)[0] >>> 16;

const inType = (dtype: 'F16' | 'BF16', bits: (value: number) => number) => (tensors: Map<string, Tensor>) =>
  new Map(
    Array.from(tensors, ([name, { shape, bytes }]): [string, Tensor] => {
      const floats = new Float32Array(bytes.slice().buffer);
      const halves = Uint16Array.from(floats, bits);
      return [name, { dtype, shape, bytes: new Uint8Array(halves.buffer) }];
    }),
  );

describe('the same model', () => {
  it.each([
    ['with a name in front of all tensors', renamed((name) => `bert.${name}`)],
    ['with two names in front of them', renamed((name) => `model.roberta.${name}`)],
    [
      'with the older names of normalisation',
      renamed((name) =>
        name.replace(/(LayerNorm)\.weight$/, '$1.gamma').replace(/(LayerNorm)\.bias$/, '$1.beta'),
      ),
    ],
    ['in half precision', inType('F16', halfOf)],
    ['in bfloat16', inType('BF16', bfloatOf)],
    [
      'beside tensors that are not read, of any type',
      (tensors: Map<string, Tensor>) =>
        new Map([
          ...tensors,
          ['embeddings.position_ids', { dtype: 'I64', shape: [1, 1], bytes: new Uint8Array(8) } as const],
          ['pooler.dense.bias', { dtype: 'F32', shape: [4], bytes: new Uint8Array(16) } as const],
        ]),
    ],
  ])('%s', async (_, change) => {
    const expected = await outputOf({ fill: coarse });
    expect(await outputOf({ fill: coarse, change })).toEqual(expected);
  });

  it('where one vector of all token types is in the positions instead', async () => {
    const whole = await outputOf({});
    const moved = await outputOf({
      config: { type_vocab_size: 0 },
      change(tensors) {
        const [positions, types] = ['position', 'token_type'].map(
          (of) => new Float32Array(tensors.get(`embeddings.${of}_embeddings.weight`)!.bytes.slice().buffer),
        );
        const sums = positions.map((value, i) => value + types[i % 4]);
        const { shape } = tensors.get('embeddings.position_embeddings.weight')!;
        const bytes = new Uint8Array(sums.buffer);
        return new Map(tensors).set('embeddings.position_embeddings.weight', { dtype: 'F32', shape, bytes });
      },
    });
    expectClose(moved, whole, { reason: 'the sum is rounded in another place', absolute: 1e-6 }, 'y');
  });
});

describe('a checkpoint is found', () => {
  const before = { ...process.env };
  afterEach(() => {
    for (const name of ['HF_HUB_CACHE', 'HF_HOME', 'XDG_CACHE_HOME']) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  /** A cache as the hub's own tools fill it. */
  function cache(folder: string): string {
    const files = Object.entries(checkpointFiles()).map(([name, content]) => [
      `${folder}/models--owls--tiny-bert/snapshots/abc/${name.replace('checkpoint/', '')}`,
      content,
    ]);
    const refs = { [`${folder}/models--owls--tiny-bert/refs/main`]: 'abc\n' };
    return workspace({ ...Object.fromEntries(files), ...refs }).folder;
  }

  it('in a folder beside the pipeline', async () => {
    const { folder } = workspace(checkpointFiles());
    expect((await learn('checkpoint', folder)).model.width).toBe(4);
  });

  it.each([
    ['HF_HUB_CACHE', 'hub', '/hub'],
    ['HF_HOME', 'hub', ''],
    ['XDG_CACHE_HOME', 'huggingface/hub', ''],
  ])('in the hub cache of %s', async (variable, folder, inside) => {
    for (const name of ['HF_HUB_CACHE', 'HF_HOME', 'XDG_CACHE_HOME']) delete process.env[name];
    process.env[variable] = cache(folder) + inside;
    expect((await learn('owls/tiny-bert')).model.width).toBe(4);
  });

  it('nowhere: the error says where it was looked for, and how to get it', async () => {
    const { folder } = workspace({ note: '' });
    process.env.HF_HUB_CACHE = folder;
    const { code, problems } = await taggerErrorOf(learn('owls/other', folder));
    expect(code).toBe('E_PRETRAINED');
    expect(problems).toEqual([
      {
        message: 'there is no pretrained model "owls/other"',
        place: { file: 'p.yaml', key: 'embeddings[0].checkpoint' },
        expected:
          'a folder with config.json, model.safetensors and tokenizer.json, or the id of a model in the hub cache',
        found: expect.stringContaining(`${folder}/models--owls--other`),
        hint: 'nothing is downloaded here; `hf download owls/other` does',
      },
    ]);
  });
});

describe('a checkpoint is refused', () => {
  /** The problems of a folder whose files are changed; null: without that file. */
  async function problemsOf(
    wishes: CheckpointWishes,
    changes: Record<string, string | Uint8Array | null> = {},
  ) {
    const files: Record<string, string | Uint8Array> = checkpointFiles(wishes);
    for (const [name, content] of Object.entries(changes)) {
      if (content === null) delete files[`checkpoint/${name}`];
      else files[`checkpoint/${name}`] = content;
    }
    const { path, folder } = workspace(files);
    const { code, problems } = await taggerErrorOf(learn(path('checkpoint')));
    expect(code).toBe('E_PRETRAINED');
    return problems.map(({ place, ...problem }) => ({
      ...problem,
      place: { ...place, file: place?.file?.slice(folder.length + 1) },
    }));
  }

  it('without its weights', async () => {
    const [problem] = await problemsOf({}, { 'model.safetensors': null });
    expect(problem).toMatchObject({
      message: 'this file of the pretrained model is missing',
      place: { file: 'checkpoint/model.safetensors' },
      hint: expect.stringContaining('save_pretrained'),
    });
  });

  it('without its tokenizer', async () => {
    const [problem] = await problemsOf({}, { 'tokenizer.json': null });
    expect(problem.hint).toContain('AutoTokenizer');
  });

  it('of another type, with those that are known', async () => {
    const [problem] = await problemsOf({ config: { model_type: 'robert' } });
    expect(problem).toMatchObject({
      message:
        '"robert" is none of the known types: bert, electra, distilbert, roberta, xlm-roberta, camembert; did you mean "roberta"?',
      place: { file: 'checkpoint/config.json', key: 'model_type' },
    });
  });

  it.each([
    ['with another activation', { hidden_act: 'relu' }, 'hidden_act'],
    ['with relative positions', { position_embedding_type: 'relative_key' }, 'position_embedding_type'],
    ['that reads forward alone', { is_decoder: true }, 'is_decoder'],
    ['without a size', { hidden_size: undefined }, 'hidden_size'],
    ['with heads that do not divide the width', { num_attention_heads: 3 }, 'num_attention_heads'],
    ['with no room for a word between the marks', { max_position_embeddings: 2 }, 'max_position_embeddings'],
  ])('%s', async (_, config, key) => {
    const [problem, ...others] = await problemsOf({ config });
    expect(problem.place).toEqual({ file: 'checkpoint/config.json', key });
    expect(others).toEqual([]);
  });

  it('whose tensors do not fit its config, with all of them', async () => {
    const problems = await problemsOf({
      change(tensors) {
        const changed = new Map(tensors);
        changed.delete('encoder.layer.1.output.dense.bias');
        const { bytes } = tensors.get('embeddings.LayerNorm.bias')!;
        return changed.set('embeddings.LayerNorm.bias', { dtype: 'I32', shape: [4], bytes });
      },
    });
    expect(problems.map(({ message, expected, found }) => [message, expected, found])).toEqual([
      ['tensor embeddings.LayerNorm.bias does not fit config.json', 'F32, F16, BF16 [4]', 'I32 [4]'],
      [
        'tensor encoder.layer.1.output.dense.bias does not fit config.json',
        'F32, F16, BF16 [4]',
        'no such tensor',
      ],
    ]);
  });

  it('whose tensors have other shapes', async () => {
    const problems = await problemsOf({ config: { vocab_size: 13 } });
    expect(problems.map(({ expected, found }) => [expected, found])).toEqual([
      ['F32, F16, BF16 [13,4]', 'F32 [12,4]'],
    ]);
  });

  it('that was cut', async () => {
    const whole = checkpointFiles()['checkpoint/model.safetensors'] as Uint8Array;
    for (const length of [0, 7, 100, whole.length - 1]) {
      const [problem] = await problemsOf({}, { 'model.safetensors': whole.subarray(0, length) });
      expect(problem.place).toEqual({ file: 'checkpoint/model.safetensors' });
      expect(problem.hint).toBe('save or copy the model again');
    }
  });

  it('whose tokenizer has pieces that the model does not', async () => {
    const tensors = { sizes: { pieces: 11 } };
    const [problem] = await problemsOf(tensors);
    expect(problem).toMatchObject({
      message: 'this tokenizer cannot be used',
      place: { file: 'checkpoint/tokenizer.json' },
      found: 'has 12 pieces, more than the 11 of config.json',
    });
  });

  it.each([
    ['no JSON', '{', 'this file is not JSON'],
    ['no tokenizer', '{}', /model/],
    [
      'of a kind that is not known',
      JSON.stringify({ model: { type: 'Rune' } }),
      'this tokenizer cannot be used',
    ],
  ])('whose tokenizer is %s', async (_, json, message) => {
    const [problem] = await problemsOf({}, { 'tokenizer.json': json });
    expect(problem.place?.file).toBe('checkpoint/tokenizer.json');
    expect(`${problem.place?.key} ${problem.message}`).toMatch(message);
  });
});
