/** Which part of the records one of several runs takes, from `--shard` and from what a cluster sets in the environment. */
import { type Problem, TaggerError } from '../core/errors.js';

/** Record number `record` of all, counted from 0, belongs to it where `record % count === index`. */
export interface Shard {
  /** From 0, below `count`. */
  readonly index: number;
  readonly count: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** How a kind of cluster tells a job which of several it is. */
interface Cluster {
  readonly index: string;
  /** What is to be read as the number of jobs, where the cluster says it. */
  readonly count?: string;
  /** What the index begins with and grows by, where that is not 0 and 1. */
  readonly first?: string;
  readonly step?: string;
}

const clusters: readonly Cluster[] = [
  { index: 'JOB_COMPLETION_INDEX' },
  {
    index: 'SLURM_ARRAY_TASK_ID',
    count: 'SLURM_ARRAY_TASK_COUNT',
    first: 'SLURM_ARRAY_TASK_MIN',
    step: 'SLURM_ARRAY_TASK_STEP',
  },
  { index: 'AWS_BATCH_JOB_ARRAY_INDEX', count: 'AWS_BATCH_JOB_ARRAY_SIZE' },
];

/**
 * The shard that a text names: `2/8` is the second of eight, `auto` the one that the environment names, and `auto/8` the
 * same where the environment does not say how many there are (Kubernetes). Throws E_USAGE.
 *
 * @example
 * shardOf('auto/8', { JOB_COMPLETION_INDEX: '2' }); // { index: 2, count: 8 }
 */
export function shardOf(text: string, environment: Environment): Shard {
  const [, index, count] = /^(auto|\d{1,9})(?:\/(\d{1,9}))?$/.exec(text) ?? [];
  const given = count === undefined ? undefined : wholeNumber(count);
  if (index === 'auto' && given !== 0) return automatic(environment, given);
  if (index === undefined || !given) {
    throw wrong({
      message: 'this is no shard',
      expected: 'PART/COUNT, such as 1/4 … 4/4, or auto, or auto/COUNT',
      found: JSON.stringify(text),
    });
  }
  return checked({ index: wholeNumber(index) - 1, count: given }, text);
}

function automatic(environment: Environment, given: number | undefined): Shard {
  const present = clusters.filter(({ index }) => environment[index]);
  const names = clusters.map(({ index }) => index).join(', ');
  if (present.length !== 1) {
    const found = present.map(({ index }) => index).join(' and ') || 'none of them';
    throw wrong({
      message: 'the environment does not say which shard this is',
      expected: `one of the variables ${names}`,
      found,
      hint: '--shard PART/COUNT',
    });
  }
  const [cluster] = present;
  const number = (name: string | undefined) => numberIn(environment, name);
  const announced = number(cluster.count);
  const count = given ?? announced;
  if (count === undefined) {
    throw wrong({
      message: 'the environment does not say how many shards there are',
      expected: `the number of jobs${cluster.count ? ` in ${cluster.count}` : ''}`,
      found: `${cluster.index}=${environment[cluster.index]} alone`,
      hint: '--shard auto/COUNT',
    });
  }
  if (announced !== undefined && announced !== count) {
    throw wrong({
      message: 'the environment says another number of shards',
      expected: `auto, or auto/${announced}`,
      found: `auto/${count}, and ${cluster.count}=${announced}`,
      hint: '--shard auto',
    });
  }
  const id = number(cluster.index)!;
  const index = (id - (number(cluster.first) ?? 0)) / (number(cluster.step) || 1);
  return checked({ index, count }, `${cluster.index}=${id} of ${count}`);
}

function checked(shard: Shard, found: string): Shard {
  const { index, count } = shard;
  if (Number.isInteger(index) && index >= 0 && index < count) return shard;
  throw wrong({
    message: 'there is no such shard',
    expected: `1/${count} … ${count}/${count}, or jobs that are numbered without gaps`,
    found,
    hint: '--shard PART/COUNT',
  });
}

function numberIn(environment: Environment, name: string | undefined): number | undefined {
  const text = name === undefined ? undefined : environment[name];
  if (!name || !text) return undefined;
  const number = wholeNumber(text);
  if (Number.isNaN(number)) {
    throw wrong({ message: `${name} is no whole number`, expected: 'digits', found: JSON.stringify(text) });
  }
  return number;
}

const wholeNumber = (text: string): number => (/^\d{1,15}$/.test(text) ? Number(text) : Number.NaN);

const wrong = (problem: Omit<Problem, 'place'>) =>
  new TaggerError('E_USAGE', { ...problem, place: { key: '--shard' } });
