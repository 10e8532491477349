/** The work of a thread for a tagger in another one: it counts what is seen where somebody there wants to know. */
import type { AnnotatedDocument, Document } from '../../text/document.js';
import type { WantedScores } from '../annotation.js';
import { addTallies, noTally, type Tally } from './tally.js';
import type { Watchers } from './watchers.js';

interface Annotating {
  readonly watchers: Watchers;
  annotateDocuments(documents: readonly Document[], wanted: WantedScores): AnnotatedDocument[];
}

export class WatchedWork {
  /** Of the documents that did not fail; undefined where nobody wants to know. */
  tally?: Tally;

  constructor(isWatched: boolean) {
    if (isWatched) this.tally = noTally;
  }

  annotate(tagger: Annotating, documents: readonly Document[], wanted: WantedScores): AnnotatedDocument[] {
    const work = () => tagger.annotateDocuments(documents, wanted);
    if (!this.tally) return work();
    const { result, tally } = tagger.watchers.during(work);
    this.tally = addTallies(this.tally, tally);
    return result;
  }
}
