import { waitUntil } from '../../infra/local/wait-until.ts';
import { ask, type RequestSetup } from './ask.ts';
import type { Fleet } from './fleet.ts';
import type { History } from './history.ts';

export interface ProbePlan {
  readonly fleet: Pick<Fleet, 'apis'>;
  /** One with room in each partition. */
  readonly shows: readonly string[];
  readonly history: History;
}

const limitMs = 60_000;

let probes = 0;

/**
 * Resolves to the time from the call until a reservation was decided in every partition and through every API
 * process; undefined after a long time-out.
 */
export const recovered = async ({ fleet, shows, history }: ProbePlan): Promise<number | undefined> => {
  const beganMs = performance.now();
  const decides = async (showId: string, turn: number): Promise<boolean> => {
    const api = (): string => fleet.apis()[turn % fleet.apis().length] ?? '';
    const isSold = (): Promise<boolean> =>
      sells(showId, { api, history, random: () => 0, isStopped: () => true });
    return await waitUntil(isSold, { limitMs, everyMs: 100 });
  };
  const all = await Promise.all(shows.map(decides));
  return all.every((isGood) => isGood) ? Math.round(performance.now() - beganMs) : undefined;
};

const sells = async (showId: string, asking: RequestSetup): Promise<boolean> => {
  probes += 1;
  const body = { showId, lines: [{ poolId: 'stalls', quantity: 1 }] };
  const customer = `probe-${probes}`;
  const command = {
    verb: 'reserve',
    customer,
    showId,
    path: '/v1/reservations',
    body,
    waitSeconds: 2,
  } as const;
  return (await ask(command, asking)).result.startsWith('201');
};
