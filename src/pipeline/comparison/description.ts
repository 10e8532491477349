import type { Pipeline } from '../schema.js';

/** Of a network, in a line. */
export function descriptionOf({
  embeddings,
  encoder,
  decoder,
}: Pick<Pipeline, 'embeddings' | 'encoder' | 'decoder'>): string {
  const kinds = (each: { readonly kind: string } | readonly { readonly kind: string }[]) =>
    [each].flat().map(({ kind }) => kind);
  return [kinds(embeddings).join(' + '), ...kinds(encoder), decoder.kind].join(' → ');
}
