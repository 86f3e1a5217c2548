import { decodeEntry } from '../../../src/log/wire/codec.ts';
import type { StoredEntry } from './partition-state.ts';

/** The version that an API process of the next release writes; it differs in nothing else. */
export const newerVersion = '7';

const isNewer = ([, version]: StoredEntry['fields']): boolean => version?.toString('latin1') === newerVersion;

/** The entry as a process of the next release reads it. */
export const decodeUpgraded = (fields: StoredEntry['fields']): ReturnType<typeof decodeEntry> => {
  const [v, , ...request] = fields;
  return decodeEntry(v && isNewer(fields) ? [v, Buffer.from('1'), ...request] : fields);
};
