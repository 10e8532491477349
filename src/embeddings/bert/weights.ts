/**
 * The tensors of a pretrained model, as first values of our layers. These have fewer for the same function:
 *
 * - keys have no bias, as it adds the same to all scores of a query; that of values comes through to every token, as the
 *   probabilities sum up to 1, and is added to the one of the output;
 * - all words of a sentence are of token type 0, whose vector is added to those of all positions.
 */
import { type Problem, TaggerError } from '../../core/errors.js';
import { floatTypes, type SafetensorsFile } from '../../core/safetensors-file.js';
import type { Architecture, TensorNames } from './architectures.js';
import { CONFIG_FILE } from './locate.js';

/** Older checkpoints call the weight and the bias of a normalisation by their Greek letters. */
const aliases: Readonly<Record<string, string>> = { weight: 'gamma', bias: 'beta' };

type Role = Exclude<keyof TensorNames, 'layers'>;
type Shape = readonly number[];

export class Weights {
  private readonly file: SafetensorsFile;
  private readonly names: TensorNames;
  private readonly architecture: Architecture;
  /** What the names of all tensors begin with, such as `bert.`. */
  private readonly prefix: string;

  /** Throws E_PRETRAINED with all tensors that are missing, of another shape, or not of floats. */
  constructor(file: SafetensorsFile, names: TensorNames, architecture: Architecture) {
    this.file = file;
    this.names = names;
    this.architecture = architecture;
    this.prefix = prefixOf([...file.places.keys()], `${names.words}.weight`);
    const problems = this.expected().flatMap(([name, shape]) => this.problemWith(name, shape));
    if (problems.length > 0) throw new TaggerError('E_PRETRAINED', problems);
  }

  /** The table of word pieces. */
  words(values: Float32Array): void {
    values.set(this.read(`${this.names.words}.weight`));
  }

  /** The table of positions, from the first that a text has. */
  positions(values: Float32Array): void {
    const { names, architecture } = this;
    const { embedding, firstPosition, types } = architecture;
    values.set(this.read(`${names.positions}.weight`).subarray(firstPosition * embedding));
    if (types === 0) return;
    const type = this.read(`${names.types}.weight`);
    for (let i = 0; i < values.length; i++) values[i] += type[i % embedding];
  }

  gain(values: Float32Array, role: Role, layer?: number): void {
    values.set(this.read(`${this.partOf(role, layer)}.weight`));
  }

  bias(values: Float32Array, role: Role, layer?: number): void {
    values.set(this.read(`${this.partOf(role, layer)}.bias`));
  }

  /** The weight [outputs × inputs] of a map, turned over, into the columns from `first` on of rows that are `stride` apart. */
  weight(values: Float32Array, role: Role, layer?: number, first = 0, stride?: number): void {
    const weight = this.read(`${this.partOf(role, layer)}.weight`);
    const [outputs, inputs] = this.shapeOf(`${this.partOf(role, layer)}.weight`);
    const apart = stride ?? outputs;
    for (let i = 0; i < inputs; i++) {
      for (let j = 0; j < outputs; j++) values[i * apart + first + j] = weight[j * inputs + i];
    }
  }

  /** The bias of the output of attention, and what that of values adds to it. */
  outputBias(values: Float32Array, layer: number): void {
    const weight = this.read(`${this.partOf('output', layer)}.weight`);
    const own = this.read(`${this.partOf('output', layer)}.bias`);
    const added = this.read(`${this.partOf('value', layer)}.bias`);
    for (let j = 0; j < own.length; j++) {
      let sum = own[j];
      for (let i = 0; i < added.length; i++) sum += weight[j * added.length + i] * added[i];
      values[j] = sum;
    }
  }

  /** Every tensor that is read, with its shape. */
  private expected(): (readonly [name: string, shape: Shape])[] {
    const { names, architecture } = this;
    const { pieces, embedding, width, inner, positions, firstPosition, types } = architecture;
    const both = (part: string, shape: Shape): (readonly [string, Shape])[] => [
      [`${part}.weight`, shape],
      [`${part}.bias`, [shape[0]]],
    ];
    const ofLayer = (layer: number) =>
      (
        [
          ['query', [width, width]],
          ['key', [width, width]],
          ['value', [width, width]],
          ['output', [width, width]],
          ['attentionNorm', [width]],
          ['widen', [inner, width]],
          ['narrow', [width, inner]],
          ['feedNorm', [width]],
        ] as const
      ).flatMap(([role, shape]) => both(this.partOf(role, layer), shape));
    return [
      [`${names.words}.weight`, [pieces, embedding]],
      [`${names.positions}.weight`, [firstPosition + positions, embedding]],
      ...(types > 0 ? [[`${names.types}.weight`, [types, embedding]] as const] : []),
      ...both(names.norm, [embedding]),
      ...(embedding === width ? [] : both(names.project, [width, embedding])),
      ...Array.from({ length: architecture.layers }, (_, layer) => ofLayer(layer)).flat(),
    ];
  }

  private problemWith(name: string, shape: Shape): Problem[] {
    const { file } = this;
    const place = file.places.get(this.nameOf(name));
    if (place?.shape.join() === shape.join() && floatTypes.includes(place.dtype)) return [];
    return [
      {
        message: `tensor ${this.prefix}${name} does not fit ${CONFIG_FILE}`,
        place: { file: file.path },
        expected: `${floatTypes.join(', ')} [${shape}]`,
        found: place ? `${place.dtype} [${place.shape}]` : 'no such tensor',
      },
    ];
  }

  private partOf(role: Role, layer?: number): string {
    const { names } = this;
    return layer === undefined ? names[role] : `${names.layers}.${layer}.${names[role]}`;
  }

  private read(name: string): Float32Array {
    return this.file.read(this.nameOf(name));
  }

  private shapeOf(name: string): Shape {
    return this.file.places.get(this.nameOf(name))?.shape ?? [];
  }

  /** As it is in the file. */
  private nameOf(name: string): string {
    const full = this.prefix + name;
    const older = full.replace(/[^.]+$/, (last) => aliases[last] ?? last);
    return !this.file.places.has(full) && this.file.places.has(older) ? older : full;
  }
}

/** What stands before `suffix` in the one name that ends with it; nothing where none or several do. */
function prefixOf(names: readonly string[], suffix: string): string {
  const found = names.filter((name) => name === suffix || name.endsWith(`.${suffix}`));
  return found.length === 1 ? found[0].slice(0, -suffix.length) : '';
}
