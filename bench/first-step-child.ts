/** What `tagger train conll.yaml` does up to its first step; prints when that was done, in ms since the process began. */
import { loadPipeline, runPipeline } from '../dist/index.js';

const run = runPipeline(await loadPipeline('conll.yaml'), { output: process.argv[2], force: true });
for await (const { kind } of run) {
  if (kind !== 'step') continue;
  console.log(performance.now());
  break;
}
