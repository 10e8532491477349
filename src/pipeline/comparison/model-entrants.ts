/** Trained models as those who take part in a comparison. */
import { modelName } from '../seeds-folder.js';
import type { Entrant } from './entrants.js';

/** Of folders, with a line on each. */
export function modelEntrants(models: readonly string[], descriptions: readonly string[]): Entrant[] {
  return models.map((model, i) => ({
    name: modelName(model),
    description: descriptions[i],
    system: { model },
  }));
}
