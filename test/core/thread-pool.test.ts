import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';

const built = (file: string) => JSON.stringify(pathToFileURL(resolve('dist', file)).href);

it('threads that are ended while they start do not end the process with them', () => {
  const script = `
    import { ThreadPool } from ${built('core/thread-pool.js')};
    for (let round = 0; round < 5; round++) {
      const pool = new ThreadPool(new URL(${built('training/crew-worker.js')}), 2);
      await pool.destroy();
    }
    console.log('the end');`;
  const args = ['--input-type=module', '--eval', script];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: 'the end\n', stderr: '' });
});
