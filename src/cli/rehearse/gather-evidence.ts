import type { Client, Reservation } from '../../client/client.ts';
import type { Clock } from '../../domain/ports.ts';
import type { Evidence } from './check-promises.ts';
import { closeShow, whenNothingIsHeld } from './open-stage.ts';
import type { Plan } from './plan.ts';
import type { Performance } from './play.ts';

export interface EvidenceOptions {
  readonly client: Client;
  readonly plan: Plan;
  readonly showId: string;
  readonly clock: Clock;
}

const settleMsMax = 60_000;

/** Closes the show, lets the holds lapse and reads all reservations; or resolves to a message that says why that cannot be done. */
export const gatherEvidence = async (
  played: Performance,
  gathering: EvidenceOptions,
): Promise<Evidence | string> => {
  const { client, plan, showId, clock } = gathering;
  const open = await closeShow(client, showId, clock);
  if (open !== undefined)
    return `the show ${showId} could not be closed, and closes by itself at its closesAt: ${open}`;
  const limitMs = plan.holdSeconds * 1_000 + settleMsMax;
  const show = await whenNothingIsHeld(client, { id: showId, limitMs, clock });
  if (typeof show === 'string') return `the show ${showId} cannot be read: ${show}`;
  const listed: Reservation[] = [];
  for await (const page of client.reservations({ showId, limit: 100 })) {
    if (!page.ok) return `the reservations of ${showId} cannot be listed: ${page.problem.detail}`;
    listed.push(...page.data);
  }
  const { figures, records, split, oversoldSamples } = played;
  const { givenUp, unanswered, cutShort, answers, odd } = figures;
  return { records, split, givenUp, unanswered, cutShort, answers, odd, oversoldSamples, show, listed };
};
