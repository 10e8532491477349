/** One file: made as `FILE.part` with `FILE.progress.json` beside it, and named when it is whole. */
import type { FileLayout, Progress, Sink, SinkOptions } from '../sink.js';
import { errorsOf, openErrors } from './errors.js';
import { after, before, partOf } from './layout.js';
import type { RunState } from './manifest.js';
import { followed, nowhere, type Outlet } from './outlet.js';
import { PartFile } from './part-file.js';
import { openRun } from './run.js';

/** Throws E_RESUME and E_WRITE as `openSink` says. */
export async function openFile(file: string, layout: FileLayout, options: SinkOptions): Promise<Sink> {
  const path = await followed(file);
  const run = await openRun(`${path}.progress.json`, file, options);
  const { previous } = run;
  let documents = previous?.documents ?? 0;
  let out: Outlet = nowhere;
  let errors = nowhere;

  async function abandon(): Promise<void> {
    for (const outlet of [out, errors]) await (run.hasProgress ? outlet.close() : outlet.discard());
    await run.release();
  }

  try {
    out = await PartFile.open(path, previous?.bytes ?? 0, previous?.isFinishing ?? false);
    errors = await openErrors(options, previous);
  } catch (error) {
    await abandon();
    throw error;
  }

  const stateOf = (progress: Progress): RunState => ({
    progress,
    isFinishing: false,
    errors: errorsOf(options, errors),
    bytes: out.bytes,
    documents,
  });

  async function save(state: RunState): Promise<void> {
    await out.sync();
    await errors.sync();
    await run.save(state);
  }

  return {
    from: previous?.progress,
    isResumable: true,
    isFolder: false,
    async write(document) {
      await out.append(before(layout, documents));
      await out.append(partOf(document));
      documents++;
    },
    writeError: (line) => errors.append(`${line}\n`),
    checkpoint: (progress) => save(stateOf(progress)),
    async finish(progress) {
      // Should the names not be given any more, a later run goes on from before the tail.
      const state = { ...stateOf(progress), isFinishing: true };
      await out.append(after(layout, documents));
      await save(state);
      await errors.finish();
      await out.finish();
      await run.end();
    },
    abandon,
  };
}
