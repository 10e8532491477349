import { describe, expect, it } from 'vitest';
import { shardOf } from '../../src/annotation/shard.js';
import { TaggerError } from '../../src/core/errors.js';

const slurm = (id: number, min: number, count: number, step?: number) => ({
  SLURM_ARRAY_TASK_ID: `${id}`,
  SLURM_ARRAY_TASK_MIN: `${min}`,
  SLURM_ARRAY_TASK_COUNT: `${count}`,
  ...(step && { SLURM_ARRAY_TASK_STEP: `${step}` }),
});
const kubernetes = { JOB_COMPLETION_INDEX: '2' };
const aws = { AWS_BATCH_JOB_ARRAY_INDEX: '0', AWS_BATCH_JOB_ARRAY_SIZE: '5' };

describe('a shard', () => {
  it.each([
    ['1/1', {}, 0, 1],
    ['4/4', kubernetes, 3, 4],
    ['auto/3', kubernetes, 2, 3],
    ['auto', slurm(0, 0, 4), 0, 4],
    ['auto', slurm(4, 1, 4), 3, 4],
    ['auto', slurm(12, 0, 4, 4), 3, 4],
    ['auto/4', slurm(12, 0, 4, 4), 3, 4],
    ['auto', aws, 0, 5],
    ['auto', { ...aws, AWS_BATCH_JOB_ARRAY_INDEX: '4', SLURM_ARRAY_TASK_ID: '' }, 4, 5],
  ])('%s with %j', (text, environment, index, count) => {
    expect(shardOf(text, environment)).toEqual({ index, count });
  });

  it.each([
    ['', {}, 'this is no shard'],
    ['1', {}, 'this is no shard'],
    ['1/', {}, 'this is no shard'],
    ['-1/2', {}, 'this is no shard'],
    ['1/0', {}, 'this is no shard'],
    ['auto/0', kubernetes, 'this is no shard'],
    ['1.5/2', {}, 'this is no shard'],
    ['all', {}, 'this is no shard'],
    ['0/99999999999999999999', {}, 'this is no shard'],
    ['0/4', {}, 'there is no such shard'],
    ['5/4', {}, 'there is no such shard'],
    ['auto/2', kubernetes, 'there is no such shard'],
    ['auto', slurm(7, 1, 3), 'there is no such shard'],
    ['auto', slurm(2, 0, 3, 4), 'there is no such shard'],
    ['auto', {}, 'the environment does not say which shard this is'],
    ['auto', { ...aws, ...kubernetes }, 'the environment does not say which shard this is'],
    ['auto', kubernetes, 'the environment does not say how many shards there are'],
    ['auto/6', aws, 'the environment says another number of shards'],
    ['auto', { ...aws, AWS_BATCH_JOB_ARRAY_INDEX: 'x' }, 'AWS_BATCH_JOB_ARRAY_INDEX is no whole number'],
  ])('is none: %s with %j', (text, environment, message) => {
    expect(() => shardOf(text, environment)).toThrow(TaggerError);
    try {
      shardOf(text, environment);
    } catch (error) {
      expect(error).toMatchObject({ code: 'E_USAGE', problems: [{ message, place: { key: '--shard' } }] });
      const [{ expected, found }] = (error as TaggerError).problems;
      expect([expected, found]).toEqual([expect.stringMatching(/./), expect.stringMatching(/./)]);
    }
  });
});
