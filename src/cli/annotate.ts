import type { Command } from 'commander';
import { TaggerError } from '../core/errors.js';
import { type Annotation, type TaggedToken, Tagger } from '../tagger/index.js';
import { readText } from './input.js';
import { count, probability } from './options.js';
import { writeLines } from './output.js';

interface AnnotateOptions {
  readonly output?: string;
  readonly scores?: boolean;
  readonly minScore?: number;
  readonly nbest?: number;
}

export function define(command: Command): void {
  command
    .argument('<model>', 'the folder of a model')
    .argument('<files...>', 'text files in UTF-8, each one document; - is stdin')
    .option('-o, --output <file>', 'where the JSON lines go (default: stdout)')
    .option('--scores', 'give every token and entity its exact probability')
    .option('--min-score <probability>', 'as --scores, without the entities below it', probability)
    .option('--nbest <count>', 'the most probable tag sequences of every sentence', count)
    .action(annotate);
}

async function annotate(model: string, files: readonly string[], options: AnnotateOptions): Promise<void> {
  const tagger = await Tagger.load(model);
  if (options.minScore !== undefined && tagger.scheme === 'none') {
    throw new TaggerError('E_USAGE', {
      message: 'the model gives labels of single tokens, so there are no entities to drop',
      place: { key: '--min-score' },
      hint: '--scores',
    });
  }
  await writeLines(annotations(tagger, files, options), options.output);
}

/** One JSON line a document: `id`, `text`, `tokens` and `entities`, with offsets into `text`. */
async function* annotations(
  tagger: Tagger,
  files: readonly string[],
  { scores, minScore, nbest }: AnnotateOptions,
): AsyncGenerator<string> {
  const isScored = scores || minScore !== undefined;
  const show = showToken(tagger.scheme === 'none');
  const replacer = isScored || nbest !== undefined ? rounded : undefined;
  for (const file of files) {
    const text = await readText(file);
    const annotation = tagger.annotate(text, { scores: isScored, nbest });
    const tokens = annotation.tokens.map(show);
    yield JSON.stringify(
      { id: file, text, ...annotation, tokens, ...likely(annotation, minScore) },
      replacer,
    );
  }
}

/** The tags of a model of spans say nothing that the entities do not, unless they have a score. */
function showToken(isLabelled: boolean): (token: TaggedToken) => object {
  return ({ text, start, end, tag, score }) => ({
    text,
    start,
    end,
    ...(isLabelled ? { label: tag } : score !== undefined && { tag }),
    score,
  });
}

function likely({ entities }: Annotation, least = 0): Pick<Annotation, 'entities'> {
  return { entities: entities.filter(({ score = 1 }) => score >= least) };
}

/** Six digits are as many as the scores of a network in floats are worth. */
function rounded(key: string, value: unknown): unknown {
  const isProbability = (key === 'score' || key === 'probability') && typeof value === 'number';
  return isProbability ? Number(value.toPrecision(6)) : value;
}
