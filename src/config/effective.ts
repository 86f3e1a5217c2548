import type { Setting } from './setting.ts';
import { strayBlanks } from './stray-blanks.ts';

/** The value of a setting in this process. */
export interface EffectiveValue {
  readonly variable: string;
  /** Masked if it is secret; undefined if it is not set and has no default. */
  readonly value?: string;
  readonly source: 'default' | 'environment';
}

/** The default in the form in which it would be set; undefined if there is none. */
export const defaultText = ({ fallback }: Pick<Setting<unknown>, 'fallback'>): string | undefined => {
  const text = Array.isArray(fallback) ? fallback.join(',') : String(fallback ?? '');
  return text === '' ? undefined : text;
};

/** A value that is not allowed is not shown: it may be a secret that was put into the wrong variable. */
const refused = '(not allowed, see below)';

export const effectiveOf = (setting: Setting<unknown>, given: string | undefined): EffectiveValue => {
  const { variable, parse, mask = (text) => text } = setting;
  if (given === undefined || given === '') {
    const value = defaultText(setting);
    return { variable, ...(value !== undefined && { value }), source: 'default' };
  }
  const isRefused = strayBlanks(given) !== undefined || parse(given) === undefined;
  return { variable, value: isRefused ? refused : mask(given), source: 'environment' };
};
