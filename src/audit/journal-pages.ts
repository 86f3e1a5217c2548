import type { JournalEntry } from '../domain/decisions.ts';
import type { AuditRun } from './state/audit-run.ts';

/** Reads a partition's journal from its beginning, page by page. Throws if the positions go back. */
export async function* journalPages(
  { source, pageEntries: limit }: Pick<AuditRun, 'source' | 'pageEntries'>,
  partition: number,
): AsyncGenerator<readonly JournalEntry[]> {
  let after = 0;
  for (;;) {
    const page = await source.journal(partition, { after, limit });
    const last = page.at(-1);
    if (!last) return;
    if (last.position <= after) throw new Error(`the journal goes back at position ${after}`);
    after = last.position;
    yield page;
  }
}
