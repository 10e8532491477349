/** A temporary folder in which sinks are opened. */
import type { Sink, SinkOptions } from '../../src/annotation/sink.js';
import { openSink } from '../../src/annotation/sinks/index.js';
import { taggerErrorOf } from '../support/tagger-error.js';
import { workspace } from '../support/workspace.js';
import { contentsOf, layout } from './writer.js';

export const base: SinkOptions = {
  layout,
  settings: { model: 'a1', inputs: ['x', 'y'] },
  stdout: process.stdout,
};
export const at = (position: number) => ({ position, counts: { documents: position, errors: 0 } });
export const doc = (i: number) => ({ id: `d${i}`, content: `<${i}>` });

export const space = () => {
  const { path, folder, write } = workspace({});
  return {
    path,
    write,
    contents: () => contentsOf(folder),
    open: (target: string, options: Partial<SinkOptions> = {}) =>
      openSink(path(target), { ...base, ...options }),
    refused: (target: string, options: Partial<SinkOptions> = {}) =>
      taggerErrorOf(openSink(path(target), { ...base, ...options })),
  };
};

/** A run that has written documents 0 and 1, come to a checkpoint, written number 2, and let go. */
export async function interrupted(sink: Sink): Promise<void> {
  for (const i of [0, 1]) await sink.write(doc(i));
  await sink.checkpoint(at(2));
  await sink.write(doc(2));
  await sink.writeError('lost');
  await sink.abandon();
}
