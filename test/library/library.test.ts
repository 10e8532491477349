/** The library as a user has it: by the name of the package, from `dist`. */
import { loadPipeline, runPipeline, Tagger, TaggerError } from 'tagger';
import { describe, expect, it } from 'vitest';
import { workspace } from '../support/workspace.js';

describe('the library', () => {
  const space = workspace();

  it('trains, and its records are what the command line shows', async () => {
    const pipeline = await loadPipeline('tiny', { cwd: space.folder, set: ['training.epochs=15'] });
    const run = runPipeline(pipeline, { output: space.path('m'), base: space.folder });
    const kinds: string[] = [];
    let next = await run.next();
    for (; !next.done; next = await run.next()) kinds.push(next.value.kind);
    expect(kinds.filter((kind) => kind === 'stage')).toHaveLength(7);
    expect(kinds.filter((kind) => kind === 'epoch')).toHaveLength(15);
    expect(next.value).toMatchObject({ model: space.path('m'), epochs: 15, interrupted: false });
  });

  it('annotates with two taggers at once, until they are closed', async () => {
    const [a, b] = await Promise.all([Tagger.load(space.path('m')), Tagger.load(space.path('m'))]);
    const text = 'Yesterday 😂 Ada Weller opened a bakery in Port Elena .';
    const { tokens, entities } = a.annotate(text);
    expect(b.annotate(text)).toEqual({ tokens, entities });
    expect(entities.length).toBeGreaterThan(0);
    for (const e of entities) expect(text.slice(e.start, e.end)).toBe(e.text);
    a.close();
    expect(b.annotate(text)).toEqual({ tokens, entities });
    b.close();
    expect(() => b.annotate(text)).toThrow(TaggerError);
  });

  it('stops a training by a signal, and saves', async () => {
    const controller = new AbortController();
    const set = ['training.epochs=100000', 'training.patience=100000'];
    const pipeline = await loadPipeline('tiny', { cwd: space.folder, set });
    const run = runPipeline(pipeline, {
      output: space.path('n'),
      base: space.folder,
      signal: controller.signal,
    });
    let next = await run.next();
    for (; !next.done; next = await run.next()) {
      if (next.value.kind === 'epoch' && next.value.epoch === 2) controller.abort();
    }
    expect(next.value).toMatchObject({ interrupted: true });
    (await Tagger.load(space.path('n'))).close();
  });

  it('raises errors that say what is wrong as data', async () => {
    const error: unknown = await Tagger.load(space.path('none')).catch((reason) => reason);
    expect(error).toBeInstanceOf(TaggerError);
    expect(error).toMatchObject({
      code: 'E_MODEL',
      exitCode: 2,
      problems: [{ place: { file: space.path('none/config.json') } }],
    });
  });
});
