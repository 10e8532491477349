/** The option `locale` of what Intl.Segmenter does. */
import { z } from 'zod';

export const locale = z.string().refine(isLocale, 'not a language tag, such as en or zh-Hant').default('en');

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
