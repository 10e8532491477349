/** One line a part, in the order in which they run. Loaded only by the process that runs it. */
import type { Part } from './part.js';

export const parts: Readonly<Record<string, () => Promise<Part>>> = {
  kernels: async () => (await import('./kernels.js')).kernels,
  train: async () => (await import('./train.js')).training,
  encoders: async () => (await import('./encoders.js')).encoders,
  documents: async () => (await import('./documents.js')).documents,
  tag: async () => (await import('./tag.js')).tagging,
  annotate: async () => (await import('./annotate.js')).annotation,
  startup: async () => (await import('./startup.js')).startup,
};
