/** What annotation tools import: the formats that corpora are read in, the other way round. */
import { openStandoff, pairKinds, recordKinds, type StandoffName } from '../corpus/standoff/index.js';
import type { OutputKind } from './format.js';

/** Those that are only written as `jsonl` of this folder are not among them. */
type ToolName = Exclude<StandoffName, 'jsonl'>;

const { jsonl: _, ...tools } = { ...recordKinds, ...pairKinds };
const entries = Object.entries(tools).map(([name, { summary }]): [string, OutputKind] => [
  name,
  {
    summary,
    // Many formats share `.json` and `.jsonl`.
    endings: [],
    open: (options) => openStandoff(name as ToolName, options),
  },
]);

export const standoffOutputs = Object.fromEntries(entries) as Record<ToolName, OutputKind>;
