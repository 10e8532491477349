/** Stdout, a pipe or a device: bytes that are gone cannot be taken back, so there is nothing to resume. */
import type { FileLayout, Sink } from '../sink.js';
import { after, before, partOf } from './layout.js';
import type { Outlet } from './outlet.js';

export function streamSink(out: Outlet, errors: Outlet, layout: FileLayout): Sink {
  let documents = 0;
  return {
    isResumable: false,
    isFolder: false,
    async write(document) {
      const start = before(layout, documents);
      if (start !== '') await out.append(start);
      await out.append(partOf(document));
      documents++;
    },
    writeError: (line) => errors.append(`${line}\n`),
    checkpoint: async () => {},
    async finish() {
      const end = after(layout, documents);
      if (end !== '') await out.append(end);
      await errors.finish();
      await out.finish();
    },
    async abandon() {
      await errors.close();
      await out.close();
    },
  };
}
