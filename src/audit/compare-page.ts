import { isDeepStrictEqual } from 'node:util';
import type { JournalEntry } from '../domain/decisions.ts';
import type { RequestId } from '../domain/ids.ts';
import type { DecisionPosition, LaterDecision } from './contract.ts';
import type { AuditRun } from './state/audit-run.ts';
import type { Replay } from './state/replay.ts';

interface Page {
  readonly partition: number;
  readonly page: readonly JournalEntry[];
}

/** Compares the tables with one page of the journal. */
export const comparePage = async (auditing: AuditRun, replay: Replay, page: Page): Promise<void> => {
  await findRepeated(auditing, page);
  await findMissingLeads(auditing, replay, page);
  await findMissingKeys(auditing, page);
  await evictAgreeing(auditing, replay);
};

/** Notes every decision of a request except the first. */
const findRepeated = async ({ source, notes }: AuditRun, { partition, page }: Page): Promise<void> => {
  const asked = page.flatMap(({ requestId, position }) => (requestId ? [{ requestId, position }] : []));
  if (asked.length === 0) return;
  const places = await source.decided([...new Set(asked.map(({ requestId }) => requestId))]);
  for (const { requestId, position } of asked) {
    const [first, ...others] = places.get(requestId) ?? [];
    if (!others.some((other) => other.partition === partition && other.position === position)) continue;
    notes.note('duplicated', requestId, `decided at position ${position}, and before that at ${at(first)}`);
  }
};

const at = (place: DecisionPosition | undefined): string =>
  `${place?.position} of partition ${place?.partition}`;

const findMissingLeads = async (
  { source, notes }: AuditRun,
  replay: Replay,
  { partition, page }: Page,
): Promise<void> => {
  const later = page.flatMap(laterDecision);
  if (later.length === 0) return;
  replay.laterDecisions += later.length;
  const there = await source.laterDecisions(partition, later);
  for (const { reservationId, position } of later)
    if (!there.has(position))
      notes.note(
        'disagreeing',
        reservationId,
        `its decision at position ${position} cannot be found from it`,
      );
};

const laterDecision = ({ decision, requestId, position }: JournalEntry): readonly LaterDecision[] => {
  const reservationId = 'reservationId' in decision ? decision.reservationId : undefined;
  return reservationId === undefined || reservationId === requestId ? [] : [{ reservationId, position }];
};

/**
 * A key of this age or older is free, whether or not its row is still there (the store's contract: 24 hours).
 */
const keyLifeMs = 24 * 60 * 60_000;

const findMissingKeys = async ({ source, notes, clockMs }: AuditRun, { page }: Page): Promise<void> => {
  const keyed = new Map<string, RequestId>();
  for (const { key, requestId, decidedAtMs } of page)
    if (key && requestId && decidedAtMs > clockMs - keyLifeMs) keyed.set(key.hash, requestId);
  if (keyed.size === 0) return;
  const keys = await source.keys([...keyed.keys()]);
  for (const [hash, requestId] of keyed) {
    const owner = keys.get(hash);
    if (owner !== requestId)
      notes.note('disagreeing', requestId, `its key ${hash} is ${owner ? `that of ${owner}` : 'missing'}`);
  }
};

/**
 * Evicts the reservations whose rows agree, because no later decision changes them. Each of the others has
 * decisions still to come, or disagrees.
 */
const evictAgreeing = async ({ source, notes }: AuditRun, { open, touched }: Replay): Promise<void> => {
  if (touched.size === 0) return;
  const ids = [...touched];
  touched.clear();
  const rows = await source.reservations(ids);
  const agreeing = ids.flatMap((id) => {
    const reservation = open.get(id);
    return reservation && isDeepStrictEqual(rows.get(id), reservation) ? [reservation] : [];
  });
  for (const { id } of agreeing) open.delete(id);
  const held = agreeing.filter(({ status }) => status === 'held');
  if (held.length === 0) return;
  const holds = await source.holds(held.map(({ id }) => id));
  for (const { id, expiresAtMs } of held) {
    const there = holds.get(id);
    if (there !== expiresAtMs)
      notes.note(
        'disagreeing',
        id,
        `held until ${expiresAtMs}, and to lapse ${there === undefined ? 'never' : `at ${there}`}`,
      );
  }
};
