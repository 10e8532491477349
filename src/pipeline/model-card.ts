/** The README.md of a model directory: what the model is, what it was trained on, how well it does. */
import { formatScores, type Scores } from '../evaluation/index.js';
import type { ModelConfig } from '../tagger/model-config.js';

interface Summary {
  readonly dev: Scores;
  readonly test?: Scores;
  readonly epochs: number;
  readonly bestEpoch: number;
}

export function modelCard(config: ModelConfig, { dev, test, epochs, bestEpoch }: Summary): string {
  const { pipeline, corpus, label, scheme, tags } = config;
  const table = (name: string, scores: Scores) => [
    `## Scores on ${name}`,
    '```',
    formatScores(scores).trimEnd(),
    '```',
    '',
  ];
  return [
    `# ${pipeline.name}`,
    '',
    `A sequence labeller made by tagger ${config.tagger}: ${scheme === 'none' ? 'a label for every token' : 'entities'}`,
    `as in column \`${label}\` of the corpus ${corpus.title ?? corpus.name} (${corpus.licence ?? 'licence not stated'}).`,
    '',
    `- Network: ${pipeline.embeddings.map((each) => each.kind).join(' + ')} → ${[pipeline.encoder]
      .flat()
      .map((each) => each.kind)
      .join(' → ')} → ${pipeline.decoder.kind}, ${tags.length} tags`,
    `- Training: epoch ${bestEpoch} of ${epochs}, the best on dev; the whole config is in \`config.json\`, every epoch in \`history.jsonl\``,
    '',
    ...table('dev', dev),
    ...(test ? table('test', test) : []),
    '## Use',
    '```js',
    "import { Tagger } from 'tagger';",
    `const tagger = await Tagger.load('models/${pipeline.name}');`,
    "console.log(tagger.annotate('…'));",
    '```',
    '',
  ].join('\n');
}
