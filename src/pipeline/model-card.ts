/** The README.md of a model directory: what the model is, what it was trained on, how well it does. */
import { formatScores, type Scores } from '../evaluation/index.js';
import type { ModelConfig } from '../tagger/model-config.js';
import { type Standing, shortScore } from './standing.js';

interface Summary {
  readonly dev: Scores;
  readonly test?: Scores;
  readonly majority: Standing;
  readonly epochs: number;
  readonly bestEpoch: number;
}

export function modelCard(config: ModelConfig, { dev, test, majority, epochs, bestEpoch }: Summary): string {
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
    `- For comparison: the most frequent tag of every word has ${shortScore(majority.test ?? majority.dev)} on ${majority.test ? 'test' : 'dev'}`,
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
