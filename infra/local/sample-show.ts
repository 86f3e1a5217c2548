const SAMPLE = {
  name: 'Sample show',
  pools: [
    { id: 'standing', name: 'Standing', capacity: 50_000 },
    { id: 'balcony', name: 'Balcony', capacity: 500 },
  ],
} as const;
const LIMIT_MS = 15_000;

export interface SampleShow {
  readonly id: string;
  readonly poolId: string;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;

const parseShow = (show: unknown): SampleShow | undefined => {
  if (!isObject(show) || typeof show['id'] !== 'string') return undefined;
  const pool: unknown = Array.isArray(show['pools']) ? show['pools'][0] : undefined;
  const poolId = isObject(pool) && typeof pool['id'] === 'string' ? pool['id'] : SAMPLE.pools[0].id;
  return { id: show['id'], poolId };
};

const ask = async (url: string, init: RequestInit = {}): Promise<unknown> => {
  const response = await fetch(url, { ...init, signal: AbortSignal.timeout(LIMIT_MS) });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`${init.method ?? 'GET'} ${url} answered ${response.status} ${text.slice(0, 300)}`);
  return JSON.parse(text);
};

const firstShow = (list: unknown): SampleShow | undefined =>
  isObject(list) && Array.isArray(list['data']) ? parseShow(list['data'][0]) : undefined;

/** A show to try things with: one that is there, else the sample show, opened now. */
export const sampleShow = async (address: string): Promise<SampleShow> => {
  const shows = `${address}/v1/shows`;
  const there = firstShow(await ask(shows));
  if (there !== undefined) return there;
  const headers = { 'content-type': 'application/json', 'x-admin': 'true' };
  const opened = parseShow(await ask(shows, { method: 'POST', headers, body: JSON.stringify(SAMPLE) }));
  if (opened === undefined) throw new Error(`POST ${shows} answered without an id`);
  return opened;
};

/** Three commands to paste: reserve, see what came of it, see the show. */
export const curlLines = (address: string, { id, poolId }: SampleShow): readonly string[] => {
  const body = JSON.stringify({ showId: id, lines: [{ poolId, quantity: 3 }] });
  const headers = "-H 'Content-Type: application/json' -H 'X-Customer-Id: alice' -H 'Prefer: wait=5'";
  return [
    `curl -s -X POST ${address}/v1/reservations ${headers} -d '${body}'`,
    `curl -s ${address}/v1/reservations -H 'X-Customer-Id: alice'`,
    `curl -s ${address}/v1/shows/${id}`,
  ];
};
