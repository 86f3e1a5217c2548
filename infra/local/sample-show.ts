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

const shownMax = 100;
const placesWanted = 3;

const isNumber = (value: unknown): value is number => typeof value === 'number';
const timeOf = (value: unknown): number | undefined =>
  typeof value === 'string' ? Date.parse(value) : undefined;

/** A pool of the show with enough places for the commands below. */
const poolToTry = (show: unknown, nowMs: number): unknown => {
  if (!isObject(show) || !Array.isArray(show['pools'])) return undefined;
  const { closed, maxPerRequest, maxPerCustomer } = show;
  const opensMs = timeOf(show['opensAt']) ?? nowMs;
  const closesMs = timeOf(show['closesAt']) ?? Number.POSITIVE_INFINITY;
  if (closed === true || opensMs > nowMs || closesMs <= nowMs) return undefined;
  if ([maxPerRequest, maxPerCustomer].some((max) => isNumber(max) && max < placesWanted)) return undefined;
  return show['pools'].find(
    (pool) => isObject(pool) && isNumber(pool['available']) && pool['available'] >= placesWanted,
  );
};

const showToTry = (list: unknown, nowMs: number): SampleShow | undefined => {
  const shows: readonly unknown[] = isObject(list) && Array.isArray(list['data']) ? list['data'] : [];
  for (const show of shows) {
    const pool = poolToTry(show, nowMs);
    if (pool !== undefined && isObject(show)) return parseShow({ ...show, pools: [pool] });
  }
  return undefined;
};

/** A show for trying things out: the newest that is on sale now, or else the sample show, which is opened. */
export const sampleShow = async (address: string): Promise<SampleShow> => {
  const shows = `${address}/v1/shows`;
  const there = showToTry(await ask(`${shows}?limit=${shownMax}`), Date.now());
  if (there !== undefined) return there;
  const headers = { 'content-type': 'application/json', 'x-admin': 'true' };
  const opened = parseShow(await ask(shows, { method: 'POST', headers, body: JSON.stringify(SAMPLE) }));
  if (opened === undefined) throw new Error(`POST ${shows} answered without an id`);
  return opened;
};

/** Three commands to paste: reserve, read the outcome, read the show. */
export const curlLines = (address: string, { id, poolId }: SampleShow): readonly string[] => {
  const body = JSON.stringify({ showId: id, lines: [{ poolId, quantity: placesWanted }] });
  const headers = "-H 'Content-Type: application/json' -H 'X-Customer-Id: alice' -H 'Prefer: wait=5'";
  // Some shells read brackets as a pattern of file names.
  const at = (path: string): string => (address.includes('[') ? `'${address}${path}'` : `${address}${path}`);
  return [
    `curl -s -X POST ${at('/v1/reservations')} ${headers} -d '${body}'`,
    `curl -s ${at('/v1/reservations')} -H 'X-Customer-Id: alice'`,
    `curl -s ${at(`/v1/shows/${id}`)}`,
  ];
};
