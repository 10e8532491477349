import type { Command } from 'commander';
import { type TaggedToken, Tagger } from '../tagger/index.js';
import { readText } from './input.js';
import { writeLines } from './output.js';

interface AnnotateOptions {
  readonly output?: string;
}

export function define(command: Command): void {
  command
    .argument('<model>', 'the folder of a model')
    .argument('<files...>', 'text files in UTF-8, each one document; - is stdin')
    .option('-o, --output <file>', 'where the JSON lines go (default: stdout)')
    .action(annotate);
}

async function annotate(model: string, files: readonly string[], options: AnnotateOptions): Promise<void> {
  const tagger = await Tagger.load(model);
  await writeLines(annotations(tagger, files), options.output);
}

/** One JSON line a document: `id`, `text`, `tokens` and `entities`, with offsets into `text`. */
async function* annotations(tagger: Tagger, files: readonly string[]): AsyncGenerator<string> {
  const isLabelled = tagger.scheme === 'none';
  // The tags of a model of spans say nothing that the entities do not.
  const show = ({ tag, ...token }: TaggedToken) => (isLabelled ? { ...token, label: tag } : token);
  for (const file of files) {
    const text = await readText(file);
    const { tokens, entities } = tagger.annotate(text);
    yield JSON.stringify({ id: file, text, tokens: tokens.map(show), entities });
  }
}
