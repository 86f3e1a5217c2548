import type { Format } from './exposition.ts';

interface Family {
  head: string;
  samples: string;
}

/**
 * Merges the expositions of several processes into one, in which each family must occur only once with all its samples.
 * The texts are our own, so splitting them into lines is enough.
 */
export const mergeExpositions = (texts: readonly string[], format: Format): string => {
  const families = new Map<string, Family>();
  for (const text of texts) addFamilies(families, text);
  const merged = [...families.values()].map(({ head, samples }) => head + samples).join('');
  return format === 'openmetrics' ? `${merged}# EOF\n` : merged;
};

const addFamilies = (families: Map<string, Family>, text: string): void => {
  let family: Family = { head: '', samples: '' };
  for (const line of text.split('\n').filter((each) => each !== '' && each !== '# EOF')) {
    if (!line.startsWith('# ')) {
      family.samples += `${line}\n`;
      continue;
    }
    const name = line.split(' ')[2] ?? '';
    family = families.get(name) ?? { head: '', samples: '' };
    families.set(name, family);
    if (!family.head.includes(`${line}\n`)) family.head += `${line}\n`;
  }
};
