import { describe, expect, it } from 'vitest';
import { createEncoder, describeEncoder, encodersSchema } from '../../src/encoders/index.js';
import { loadPipeline } from '../../src/pipeline/config.js';
import { runPipeline } from '../../src/pipeline/run.js';
import { Tagger } from '../../src/tagger/index.js';
import { type LayerCase, layerConformance, Trial } from '../conformance/layer.js';
import { exact, expectClose } from '../support/close.js';
import { workspace } from '../support/workspace.js';

const INPUT = 5;
const cnn = { kind: 'cnn', filters: 4, blocks: 1, inputDropout: 0, outputDropout: 0 };
const lstm = { kind: 'lstm', units: 3, inputDropout: 0, outputDropout: 0 };

/** Encoders one behind the other as a layer. */
function layerOf(...links: object[]): LayerCase & { readonly output: number } {
  const config = encodersSchema.parse(links);
  const output = config.reduce((_, { kind, ...rest }) => ('filters' in rest ? 4 : 6), 0);
  return {
    input: INPUT,
    output,
    create: (params) => createEncoder(config, INPUT, params, 'encoder').forward,
  };
}

const dropout = { inputDropout: 0.3, outputDropout: 0.3 };
for (const [name, links] of Object.entries({ 'cnn → lstm': [cnn, lstm], 'lstm → cnn': [lstm, cnn] })) {
  const dropped = links.map((link) => ({ ...link, ...dropout }));
  layerConformance(name, { ...layerOf(...links), random: layerOf(...dropped).create });
}

describe('a chain', () => {
  it('is its links, run one after another', () => {
    const whole = new Trial(layerOf(cnn, lstm));
    const first = new Trial(layerOf(cnn));
    const second = new Trial({ ...layerOf(lstm), input: 4, create: createAt(lstm, 4) });
    for (const [link, trial] of [first, second].entries()) {
      for (const { name } of trial.bench.params.dense) {
        const inChain = name.replace('encoder.0', `encoder.${link}`);
        trial.bench.values(name).set(whole.bench.values(inChain));
      }
    }
    second.x.set(first.output());
    expectClose(whole.output(), second.output(), exact);
  });

  it('of one is that one, under a name of its own', () => {
    const [alone, chain] = [new Trial(layerOf(lstm)), new Trial(layerOf(lstm))];
    expect(chain.output()).toEqual(alone.output());
    expect(chain.bench.params.dense[0].name).toBe('encoder.0.0.forward.weight');
  });

  it('is described link by link', () => {
    expect(describeEncoder(encodersSchema.parse([cnn, lstm]))).toMatch(/^cnn 4 filters.* → lstm 3 units/);
  });
});

function createAt(options: object, input: number): LayerCase['create'] {
  return (params) => createEncoder(encodersSchema.parse([options]), input, params, 'encoder').forward;
}

describe('a pipeline with a list of encoders', () => {
  const space = workspace();
  const load = (...set: string[]) => loadPipeline('tiny', { cwd: space.folder, set });

  it('trains, and its model is the same when it is loaded', async () => {
    const small =
      'encoder=[{ kind: cnn, filters: 6, blocks: 1, inputDropout: 0, outputDropout: 0 }, { kind: lstm }]';
    const pipeline = await load(small, 'encoder.1.units=4', 'training.epochs=12');
    const run = runPipeline(pipeline, { output: space.path('chain'), base: space.folder, workers: 1 });
    let next = await run.next();
    const stages: string[] = [];
    for (; !next.done; next = await run.next()) if (next.value.kind === 'stage') stages.push(next.value.text);
    expect(stages[3]).toMatch(/^cnn 6 filters.* → lstm 4 units a direction$/);
    const { dev } = next.value;
    expect(dev.f1).toBeGreaterThan(50);
    const [a, b] = [await Tagger.load(space.path('chain')), await Tagger.load(space.path('chain'))];
    const words = [['Ada', 'Weller', 'opened', 'a', 'bakery', 'in', 'Port', 'Elena', '.']];
    expect(a.tag(words)).toEqual(b.tag(words));
    await Promise.all([a.close(), b.close()]);
  });

  it.each([
    ['encoder=[cnn, { kind: lstm, unit: 4 }]', /encoder\.1\.unit: unknown key[\s\S]*units/],
    ['encoder=[cnn, lstn]', /encoder\.1\.kind: unknown kind[\s\S]*found: "lstn"[\s\S]*lstm/],
    ['encoder=[cnn, [lstm]]', /encoder\.1: wrong type/],
    ['encoder=[]', /encoder: wrong length/],
  ])('says where %s is wrong', async (set, message) => {
    await expect(load(set)).rejects.toThrow(message);
  });
});
