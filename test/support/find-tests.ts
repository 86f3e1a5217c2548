import { readdirSync } from 'node:fs';
import { join } from 'node:path';

export const levels = ['unit', 'int', 'e2e'] as const;
export type Level = (typeof levels)[number];

export interface TestFile {
  /** Path relative to the root, for messages. */
  readonly name: string;
  readonly path: string;
  readonly level: Level;
}

const levelOf = (name: string): Level | undefined =>
  levels.find((level) => name.endsWith(`.${level}.test.ts`));

/**
 * The test files under root/test, fastest level first. A filter is a level or a part of the path; a file is
 * chosen if it fits one filter of each kind that is given.
 */
export const findTests = (root: string, filters: readonly string[]): readonly TestFile[] => {
  const wanted = levels.filter((level) => filters.includes(level));
  const parts = filters.filter((filter) => !levels.some((level) => level === filter));
  const files = readdirSync(join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .toSorted()
    .flatMap((entry): readonly TestFile[] => {
      const level = levelOf(entry);
      const name = join('test', entry);
      return level === undefined ? [] : [{ name, path: join(root, name), level }];
    });
  return levels.flatMap((level) =>
    files.filter(
      (file) =>
        file.level === level &&
        (wanted.length === 0 || wanted.includes(level)) &&
        (parts.length === 0 || parts.some((part) => file.name.includes(part))),
    ),
  );
};
