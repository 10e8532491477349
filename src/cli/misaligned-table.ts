/** Entities that are no runs of tokens as they stand, as a table for people. */
import { basename } from 'node:path';
import type { Place } from '../core/errors.js';
import { quoted } from '../corpus/check/wording.js';
import { type MisalignedEntity, reasonTexts } from '../corpus/misaligned.js';
import type { Stretch } from '../text/align-spans.js';
import { formatColumns } from './columns.js';

/** Nothing where there are none. `most` rows at most; `--json` has all of them. */
export function formatMisaligned(misaligned: readonly MisalignedEntity[], most = 20): string {
  if (misaligned.length === 0) return '';
  const { length } = misaligned;
  const rows = misaligned.slice(0, most).map(rowOf);
  const title = length === 1 ? '1 entity is no run of tokens' : `${length} entities are no runs of tokens`;
  return [
    `${title} as annotated; offsets in UTF-16 code units`,
    formatColumns([['record', 'entity', '', 'why', 'nearest token edges', 'outcome'], ...rows], true),
    ...(length > most ? [`… and ${length - most} more: --json`] : []),
  ].join('\n');
}

function rowOf({ place, entity, reasons, outcome, outer, inner, other }: MisalignedEntity): string[] {
  const why = reasons.map((reason) => reasonTexts[reason]).join(', ');
  const edges = [outer, inner?.text === outer?.text ? undefined : inner].filter((edge) => edge !== undefined);
  const nearest = edges.map(show).join(' or ') || 'none';
  const stays = other ? `, ${other.label} ${show(other)} stays` : '';
  return [placeText(place), entity.label, show(entity), why, nearest, outcome + stays];
}

function placeText({ file, line, record }: Place): string {
  const position = [file && basename(file), line].filter((part) => part !== undefined).join(':');
  return [position, record].filter((part) => part).join(' ');
}

const longestText = 40;

function show({ text, start, end }: Stretch): string {
  return `${quoted(text.length > longestText ? `${text.slice(0, longestText - 1)}…` : text)} ${start}–${end}`;
}
