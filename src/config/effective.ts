import type { Setting } from './setting.ts';
import { strayBlanks } from './stray-blanks.ts';

/** A setting as this process has it. */
export interface EffectiveValue {
  readonly variable: string;
  /** Masked where it is secret; absent where nothing is set and there is no default. */
  readonly value?: string;
  readonly source: 'default' | 'environment';
}

/** The default as somebody would write it; undefined where there is none. */
export const defaultText = ({ fallback }: Pick<Setting<unknown>, 'fallback'>): string | undefined => {
  const text = Array.isArray(fallback) ? fallback.join(',') : String(fallback ?? '');
  return text === '' ? undefined : text;
};

/** What is not allowed is not shown: it may be a secret that was put in the wrong place. */
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
