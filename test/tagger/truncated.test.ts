/** Passes over documents whose sentences are decoded one by one, and over windows that go on where others have stopped. */
import { afterAll, describe, expect, it } from 'vitest';
import { LaneStates } from '../../src/core/carry.js';
import { engine } from '../../src/core/engine.js';
import { type OpenEnds, partsOf } from '../../src/core/parts.js';
import type { Run } from '../../src/core/run.js';
import { encoderSchema } from '../../src/encoders/index.js';
import { Network } from '../../src/tagger/network.js';
import { seed } from '../support/arrays.js';
import { placeTags, readTags } from '../support/rows.js';
import {
  configOf,
  constraints,
  type DecoderName,
  sentences,
  tags,
  vocabulariesOf,
} from '../support/small-network.js';
import { expectGradients, Workbench } from '../support/workbench.js';

const made: Network[] = [];
afterAll(() => {
  for (const network of made) network.release();
});

async function networkOf(decoder: DecoderName, encoder: object): Promise<Network> {
  const options = { kind: 'lstm', units: 3, layers: 2, inputDropout: 0, outputDropout: 0, ...encoder };
  const config = { ...configOf({ decoder }), encoder: encoderSchema.parse(options) };
  const vocabularies = await vocabulariesOf(config);
  const network = Network.create(config, vocabularies, tags.length, constraints, engine());
  made.push(network);
  return network;
}

type Words = readonly (readonly [word: string, tag: string])[];

/** Windows as a pass takes them. */
interface Windows {
  /** Of every window the parts. */
  readonly parts: readonly (readonly Words[])[];
  /** Of every part the gold tag before it, −1 at the start of a sentence; and whether the sentence goes on. */
  readonly before?: readonly number[];
  readonly goesOn?: readonly boolean[];
}

/** The states of two lanes. */
class Lanes {
  private readonly network: Network;
  private readonly address: number;
  private readonly bytes: number;
  private readonly states: LaneStates;

  constructor(network: Network) {
    const { stack } = network;
    this.network = network;
    this.bytes = LaneStates.bytes(2, stack.states);
    this.address = engine().heap.allocate(this.bytes);
    engine().heap.f32.fill(Number.NaN, this.address / 4, (this.address + this.bytes) / 4);
    this.states = new LaneStates(engine().heap, this.address, 2, stack.states);
  }

  /** Window i is of lane i. */
  carry({ batch, kernels, arena }: Run, goesOn: boolean) {
    return this.states.carry(
      Array.from(batch.order, (lane) => ({ lane, goesOn })),
      { kernels, arena },
    );
  }

  get values(): Float32Array {
    return this.network.engine.heap.f32.slice(this.address / 4, (this.address + this.bytes) / 4);
  }

  set values(values: Float32Array) {
    this.network.engine.heap.f32.set(values, this.address / 4);
  }

  release(): void {
    engine().heap.release(this.address);
  }
}

class Trial {
  readonly network: Network;
  readonly bench: Workbench;

  constructor(network: Network) {
    this.network = network;
    this.bench = new Workbench(network.engine, network.params);
    this.bench.fill(1);
  }

  start({ parts: of, before, goesOn }: Windows): Run {
    const encode = (words: Words) => this.network.forms.encode(words.map(([word]) => word));
    const sequences = of.map((own) => encode(own.flat()));
    const run = this.bench.start(sequences);
    const lengths = of.map((own) => own.map(({ length }) => length));
    const parts = partsOf(run.batch, sequences, lengths, run.arena);
    const { order } = parts?.batch ?? run.batch;
    const ends: OpenEnds | undefined = before &&
      goesOn && {
        before: Int32Array.from(order, (part) => before[part]),
        goesOn: Uint8Array.from(order, (part) => Number(goesOn[part])),
      };
    return { ...run, parts, ends };
  }

  loss(windows: Windows, run = this.start(windows)) {
    const gold = windows.parts.flat(2).map(([, tag]) => tags.indexOf(tag));
    const ofParts = { ...run, batch: run.parts?.batch ?? run.batch };
    const [loss, backward] = this.network.stack.loss(placeTags(ofParts, gold), run);
    return { run, loss, backward };
  }

  /** The best tags of the parts, in order. */
  decode(windows: Windows, lanes?: { lanes: Lanes; goesOn: boolean }): number[] {
    const run = this.start(windows);
    const carry = lanes?.lanes.carry(run, lanes.goesOn);
    const found = this.network.stack.decode({ ...run, carry });
    carry?.keep();
    return readTags({ ...run, batch: run.parts?.batch ?? run.batch }, found);
  }
}

const [ann, old, of, tokyo, zoe] = sentences;
const documents: Windows = { parts: [[ann, old, of], [tokyo], [zoe, ann]] };

describe.each(['crf', 'softmax', 'lstm'] as const)(
  `documents under the decoder %s, seed ${seed}`,
  async (decoder) => {
    const trial = new Trial(await networkOf(decoder, { direction: 'both' }));

    it('have the gradients of finite differences', () => {
      const { run, backward } = trial.loss(documents);
      backward();
      expectGradients(trial.bench.parts(run), () => trial.loss(documents).loss);
    });

    it('of one sentence each are not regrouped', () => {
      expect(trial.start({ parts: [[ann], [old], [of]] }).parts).toBeUndefined();
    });

    it('see the sentences before, and no other document', () => {
      const alone = trial.loss({ parts: [[ann], [old], [of], [tokyo], [zoe], [ann]] }).loss;
      const { loss } = trial.loss(documents);
      expect(loss).not.toBe(alone);
      const apart = documents.parts.map((own) => trial.decode({ parts: [own] }));
      expect(trial.decode(documents)).toEqual(apart.flat());
    });
  },
);

describe(`windows that go on, seed ${seed}`, async () => {
  const trial = new Trial(await networkOf('crf', { direction: 'both' }));
  const B = tags.indexOf('B-X');

  it('have the gradients of finite differences with the state held, and sentences cut at both ends', () => {
    const lanes = new Lanes(trial.network);
    // The long sentence is cut behind its second and third token; the other lane has whole sentences.
    const first: Windows = {
      parts: [[ann, old.slice(0, 2)], [of]],
      before: [-1, -1, -1],
      goesOn: [false, true, false],
    };
    const second: Windows = {
      parts: [[old.slice(2, 3)], [tokyo, zoe]],
      before: [B, -1, -1],
      goesOn: [true, false, false],
    };
    const begin = trial.start(first);
    const begun = lanes.carry(begin, false);
    trial.loss(first, { ...begin, carry: begun });
    begun.keep();
    const held = lanes.values;
    expect(held.some(Number.isNaN), 'all lanes have a state').toBe(false);
    const pass = () => {
      lanes.values = held;
      const run = trial.start(second);
      return trial.loss(second, { ...run, carry: lanes.carry(run, true) });
    };
    const { run, backward, loss } = pass();
    backward();
    expectGradients(trial.bench.parts(run), () => pass().loss);
    expect(loss).not.toBe(trial.loss(second).loss);
    lanes.release();
  });

  it('have the bits of a pass without states where they begin', () => {
    const lanes = new Lanes(trial.network);
    const windows: Windows = {
      parts: [
        [ann, old],
        [of, tokyo],
      ],
    };
    const run = trial.start(windows);
    const { loss } = trial.loss(windows, { ...run, carry: lanes.carry(run, false) });
    expect(loss).toBe(trial.loss(windows).loss);
    lanes.release();
  });
});

describe.each([
  ['lstm', {}],
  ['gru', {}],
  ['rnn', { kind: 'rnn' }],
])(`a document in pieces under a forward %s, seed ${seed}`, async (kind, more) => {
  const trial = new Trial(await networkOf('crf', { kind, direction: 'forward', ...more }));

  it('has the tags of the document in one piece, whichever lane is shorter', () => {
    const lanes = new Lanes(trial.network);
    const [left, right] = [
      [ann, old, tokyo],
      [zoe, of, old],
    ];
    const whole = trial.decode({ parts: [left, right] });
    const pieces = [0, 1, 2].map((i) => {
      const windows: Windows = { parts: [[left[i]], [right[i]]] };
      const found = trial.decode(windows, { lanes, goesOn: i > 0 });
      return [found.slice(0, left[i].length), found.slice(left[i].length)];
    });
    expect([0, 1].flatMap((side) => pieces.flatMap((piece) => piece[side]))).toEqual(whole);
    lanes.release();
  });
});
