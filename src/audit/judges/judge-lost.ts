import type { Suspect } from '../contract.ts';
import type { AuditRun } from '../state/audit-run.ts';

/** Suspects are lost unless a second check, after the snapshot, finds them settled or still to be reached. */
export const judgeLost = async (
  { source, notes, lost }: AuditRun,
  suspects: readonly Suspect[],
): Promise<void> => {
  if (suspects.length === 0) return;
  const settled = await source.settledSince?.(suspects);
  for (const suspect of suspects) {
    const { partition, requestId, streamId } = suspect;
    const about = requestId ?? `entry ${streamId} of partition ${partition}`;
    if (settled?.has(suspect) || lost.has(about)) continue;
    lost.add(about);
    notes.note('lost', about, streamId ? `${streamId} is passed, and not decided` : 'nowhere to be found');
  }
};
