/** A network with every part, small enough for finite differences: word and char-cnn, LSTM in both directions, a decoder. */
import { type Engine, engine as sharedEngine } from '../../src/core/engine.js';
import { kindOf, type OptionsOf } from '../../src/core/kind.js';
import type { Run } from '../../src/core/run.js';
import { decoderKinds } from '../../src/decoders/index.js';
import type { LearningContext } from '../../src/embeddings/embedding.js';
import { embeddingKinds } from '../../src/embeddings/index.js';
import { encoderSchema } from '../../src/encoders/index.js';
import { Network, type SharedNetwork } from '../../src/tagger/network.js';
import { embeddingKind, type NetworkConfig } from '../../src/tagger/stack.js';
import { allowedTransitions } from '../../src/text/schemes.js';
import { placeTags, readTags } from './rows.js';
import { expectGradients, type Part, Workbench } from './workbench.js';

export type DecoderName = OptionsOf<typeof decoderKinds>['kind'];

export interface NetworkSize {
  /** Or its options. */
  readonly decoder?: DecoderName | { readonly kind: DecoderName };
  readonly dropout?: number;
  readonly layers?: number;
  readonly units?: number;
}

export const tags: readonly string[] = ['O', 'B-X', 'I-X', 'E-X', 'S-X'];
export const constraints = allowedTransitions(tags, 'bioes');

/** A ragged batch in no order of length, with unknown words and characters, and words that occur twice. */
export const sentences: readonly (readonly (readonly [word: string, tag: string])[])[] = [
  [
    ['Ann', 'B-X'],
    ['Lee', 'E-X'],
  ],
  [
    ['the', 'O'],
    ['Old', 'B-X'],
    ['Red', 'I-X'],
    ['Lee', 'E-X'],
    ['1984', 'S-X'],
  ],
  [['of', 'O']],
  [
    ['東京', 'S-X'],
    ['the', 'O'],
    ['1717', 'O'],
  ],
  [['Zoé', 'S-X']],
];

/** Few parameters where a kind has many. */
const smallDecoders: Readonly<Record<DecoderName, { readonly kind: DecoderName }>> = {
  crf: { kind: 'crf' },
  softmax: { kind: 'softmax' },
  lstm: { kind: 'lstm', units: 5, dim: 3, dropout: 0, beam: 2 } as { kind: 'lstm' },
};

export function configOf({
  decoder = 'crf',
  dropout = 0,
  layers = 1,
  units = 3,
}: NetworkSize): NetworkConfig {
  const embedding = kindOf(embeddingKinds);
  return {
    embeddings: [
      embedding.parse({ kind: 'word', dim: 4, unknown: dropout }),
      embedding.parse({ kind: 'char-cnn', dim: 3, filters: 5, width: 3, dropout }),
    ],
    encoder: encoderSchema.parse({
      kind: 'lstm',
      units,
      layers,
      inputDropout: dropout,
      outputDropout: dropout,
    }),
    decoder: kindOf(decoderKinds).parse(typeof decoder === 'string' ? smallDecoders[decoder] : decoder),
  };
}

/** All words of the sentences but these are words of training. */
const unknown = ['東京', 'Zoé'];

export const learning: LearningContext = {
  counts: new Map(
    sentences
      .flat()
      .filter(([word]) => !unknown.includes(word))
      .map(([word], _, all) => [word, all.filter(([other]) => other === word).length]),
  ),
  place: {},
  warn: () => {},
};

export async function vocabulariesOf(config: NetworkConfig, context = learning): Promise<unknown[]> {
  return Promise.all(config.embeddings.map((options) => embeddingKind(options).learn(options, context)));
}

export async function smallNetwork(size: NetworkSize, engine: Engine = sharedEngine()): Promise<Network> {
  const config = configOf(size);
  return Network.create(config, await vocabulariesOf(config), tags.length, constraints, engine);
}

/** A small network with random parameters on the sentences above. */
export class NetworkTrial {
  readonly bench: Workbench;
  readonly network: Network;
  readonly forms: readonly Int32Array[];
  private readonly gold = sentences.flat().map(([, tag]) => tags.indexOf(tag));

  constructor(network: Network) {
    this.network = network;
    this.bench = new Workbench(network.engine, network.params);
    this.bench.fill(1);
    this.forms = sentences.map((sentence) => network.forms.encode(sentence.map(([word]) => word)));
  }

  /** The loss, by this network or by another one of the same memory. */
  loss(stream?: readonly number[], network: SharedNetwork = this.network): number {
    return this.pass(stream, network).loss;
  }

  gradients(stream?: readonly number[], network: SharedNetwork = this.network): Part[] {
    const { run, backward } = this.pass(stream, network);
    backward();
    return this.bench.parts(run);
  }

  /** The best tags, one list a sentence. */
  decode(network: SharedNetwork = this.network): number[][] {
    const run = this.start(undefined, network);
    const found = readTags(run, network.stack.decode(run));
    return this.forms.map(({ length }) => found.splice(0, length));
  }

  /** Of every token, the posteriors of all tags. */
  posteriors(network: SharedNetwork = this.network): number[][] {
    const distribution = network.stack.distribution(this.start(undefined, network));
    return this.forms.flatMap(({ length }, s) =>
      Array.from({ length }, (_, t) => [...distribution.posteriors(s, t)]),
    );
  }

  expectGradients(stream?: readonly number[]): void {
    expectGradients(this.gradients(stream), () => this.loss(stream));
  }

  private start(stream: readonly number[] | undefined, { engine, params }: SharedNetwork): Run {
    return { ...this.bench.start(this.forms, stream), kernels: engine.kernels, params };
  }

  private pass(stream: readonly number[] | undefined, network: SharedNetwork) {
    const run = this.start(stream, network);
    const [loss, backward] = network.stack.loss(placeTags(run, this.gold), run);
    return { run, loss, backward };
  }
}
