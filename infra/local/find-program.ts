import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

// Directories that are not on the PATH of every user: some distributions install servers there, and so does
// Homebrew.
const USUAL_PLACES = [
  '/usr/sbin',
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/bin',
  '/opt/homebrew/bin',
  '/opt/homebrew/opt/mariadb/bin',
  '/opt/homebrew/opt/mysql/bin',
  '/usr/local/mysql/bin',
  '/usr/libexec',
];

const isExecutable = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The full path of the first of these programs that is installed. */
export const findProgram = (...names: readonly string[]): string | undefined => {
  const places = [
    ...(process.env['PATH'] ?? '').split(delimiter).filter((place) => place !== ''),
    ...USUAL_PLACES,
  ];
  for (const name of names) {
    const found = places.map((place) => join(place, name)).find(isExecutable);
    if (found !== undefined) return found;
  }
  return undefined;
};
