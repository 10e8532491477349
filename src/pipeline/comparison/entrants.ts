/** Who takes part in a comparison. */
import type { TaggedColumn } from '../../evaluation/index.js';
import type { Scheme } from '../../text/schemes.js';
import type { Pipeline } from '../schema.js';
import type { BaselinePlan } from './baseline-system.js';
import { type CompetitorOptions, competitorKinds, refuseUnfit } from './competitors.js';
import { descriptionOf } from './description.js';
import type { OnnxOptions } from './onnx-system.js';
import { transformerOf } from './transformer.js';
import { findTransformersJs } from './transformers-js.js';

export interface Entrant {
  readonly name: string;
  /** In a line. */
  readonly description: string;
  readonly system: EntrantSystem;
}

export type EntrantSystem =
  /** The folder of a model. */
  | { readonly model: string }
  | { readonly baseline: BaselinePlan }
  /** Trained as any model is, and then kept no longer than the comparison. */
  | { readonly pipeline: Pipeline; readonly base?: string; readonly workers: number }
  /** Trained elsewhere. */
  | { readonly onnx: OnnxOptions; readonly base?: string }
  /** Tags, where somebody else has run it. */
  | { readonly predictions: TaggedColumn };

export interface Lesson {
  /** Whose corpus is learnt. */
  readonly pipeline: Pipeline;
  /** The folder that paths in the pipeline are relative to. */
  readonly base?: string;
  readonly workers: number;
}

/** Throws E_CONFIG where the settings of a transformer do not fit. */
export function entrantsOf(competitors: readonly CompetitorOptions[], lesson: Lesson): Entrant[] {
  return competitors.map((options) => ({
    name: options.kind,
    description: competitorKinds[options.kind].summary,
    ...systemOf(options, lesson),
  }));
}

/** With a description where there is more to say than what its kind is. */
function systemOf(
  options: CompetitorOptions,
  lesson: Lesson,
): Pick<Entrant, 'system'> & Partial<Pick<Entrant, 'description'>> {
  switch (options.kind) {
    case 'transformer': {
      const pipeline = transformerOf(lesson.pipeline, options);
      return { description: descriptionOf(pipeline), system: { ...lesson, pipeline } };
    }
    case 'onnx':
      return { system: { onnx: options, base: lesson.base } };
    default:
      return { system: { baseline: { options, ...lesson } } };
  }
}

/** Before a long training. Throws E_CONFIG where baselines cannot learn the labels, have settings that do not fit or need a package. */
export function checkBaselines(pipeline: Pipeline, scheme: Scheme): void {
  const { baselines } = pipeline;
  refuseUnfit(baselines, scheme);
  entrantsOf(baselines, { pipeline, workers: 1 });
  if (baselines.some(({ kind }) => kind === 'onnx')) findTransformersJs();
}

/** Names that no two have in common: the second `crf` is `crf 2`. */
export function named(entrants: readonly Entrant[]): Entrant[] {
  const taken = new Set<string>();
  return entrants.map((entrant) => {
    let name = entrant.name;
    for (let n = 2; taken.has(name); n++) name = `${entrant.name} ${n}`;
    taken.add(name);
    return { ...entrant, name };
  });
}
