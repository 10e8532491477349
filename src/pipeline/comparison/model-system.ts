/** A model directory as a system of a comparison: what it is, and how its training went. */
import { join } from 'node:path';
import { z } from 'zod';
import { engine } from '../../core/engine.js';
import { parseJson } from '../../core/json.js';
import { Tagger } from '../../tagger/index.js';
import { loadModel } from '../../tagger/model.js';
import { readIfThere } from '../aside.js';
import { usualMetric } from '../metric.js';
import { bytesIn } from './folder-size.js';
import type { System, Training } from './system.js';

export interface ModelSystem extends System {
  readonly size: { readonly parameters: number; readonly bytes: number };
}

/** Throws E_MODEL. */
export async function openModel(directory: string): Promise<ModelSystem> {
  const model = await loadModel(directory, engine());
  const tagger = new Tagger(model);
  const { size, tables } = model.network.params;
  return {
    scheme: tagger.scheme,
    size: {
      parameters: tables.reduce((sum, { rows, dim }) => sum + rows * dim, size),
      // Without the report of an earlier comparison.
      bytes: await bytesIn(directory),
    },
    training: await trainingOf(directory),
    tag: (documents) => tagger.tagDocuments(documents),
    spans: (documents) =>
      documents.flatMap((sentences) => tagger.predict(sentences).map(({ spans }) => spans)),
    close: () => tagger.close(),
  };
}

const summary = z.object({ seconds: z.number() });
const scores = z.object({ f1: z.number(), accuracy: z.number(), strict: z.unknown().optional() });
const epoch = z.object({ epoch: z.int(), loss: z.number(), dev: scores });

/** As the files beside the model tell; undefined where somebody has left them out. */
async function trainingOf(directory: string): Promise<Training | undefined> {
  const metrics = summary.safeParse(
    parseJson((await readIfThere(join(directory, 'metrics.json'))) ?? '')?.value,
  );
  if (!metrics.success) return undefined;
  const history = ((await readIfThere(join(directory, 'history.jsonl'))) ?? '').split('\n');
  const epochs = history
    .map((line) => epoch.safeParse(parseJson(line)?.value))
    .filter(({ success }) => success);
  const curve = epochs.map(({ data }) => {
    const { epoch, loss, dev } = data!;
    return { epoch, loss, score: dev[usualMetric(dev)] };
  });
  return { seconds: metrics.data.seconds, ...(curve.length > 0 && { curve }) };
}
