import { join } from 'node:path';
import { startBenchServers } from '../bench-servers.ts';
import { describeMachine, machineText } from '../machine.ts';
import type { PairedPart } from '../part-names.ts';
import type { Bench } from '../parts/part.ts';
import { trialsOf } from '../parts/trials.ts';
import { ownBuild } from '../sides/build.ts';
import { buildCommit } from './build-commit.ts';
import { compareBuilds } from './compare-builds.ts';
import { comparisonTable, verdictLines } from './comparison-text.ts';
import { copyBuild } from './copy-build.ts';
import type { Commit } from './resolve-commit.ts';

export interface AgainstRun {
  readonly commit: Commit;
  readonly parts: readonly PairedPart[];
  readonly bench: Omit<Bench, 'servers'>;
  /** For everything that is created meanwhile; the caller removes it. */
  readonly dir: string;
}

/**
 * Compares an older commit with this checkout, which must be built. Returns why it could not, or undefined.
 */
export const playAgainst = async ({ commit, parts, bench, dir }: AgainstRun): Promise<string | undefined> => {
  const now = copyBuild(join(dir, 'now'));
  bench.say(`building ${commit.name}`);
  const built = await buildCommit(commit, join(dir, 'before'));
  if (built.type === 'unplayable') return `--against: ${commit.name} cannot be played: ${built.why}`;
  const machine = await machineIn(dir);
  const comparisons = await compareBuilds({
    trials: parts.flatMap((part) => trialsOf[part]),
    builds: { before: built.build, now },
    bench,
    dir,
  });
  bench.say(`\n${comparisonTable(comparisons, commit.name)}\n${machine}`);
  for (const line of verdictLines(comparisons, commit.name)) bench.say(line);
  return undefined;
};

/** All servers report their versions and settings before any is measured. */
const machineIn = async (dir: string): Promise<string> => {
  const servers = await startBenchServers({ dir: join(dir, 'asked'), files: ownBuild.files });
  try {
    return machineText(await describeMachine(servers.urls));
  } finally {
    await servers.stop();
  }
};
