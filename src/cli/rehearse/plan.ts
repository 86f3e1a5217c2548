import { isIP } from 'node:net';
import { parseArgs } from 'node:util';
import { asError } from '../../store/database-error.ts';
import { faultOfArguments } from '../read-options.ts';

/** What is played, and how much of it. */
export interface Plan {
  readonly url: string;
  readonly customers: number;
  readonly ratePerSecond: number;
  readonly seconds: number;
  /** Requests for places over the whole of it; repeats, looks, confirms and cancels come on top. */
  readonly requests: number;
  readonly pools: readonly Pool[];
  /** Short enough for holds to lapse while it is played. */
  readonly holdSeconds: number;
}

export interface Pool {
  readonly id: 'standing' | 'balcony';
  readonly name: string;
  readonly capacity: number;
}

export interface Asked {
  readonly plan: Plan;
  readonly json: boolean;
  /** Of a service that is an administrator as well; without one, the headers of the local mode are sent. */
  readonly token?: string;
}

const bounds = {
  customers: { min: 1, max: 1_000_000 },
  rate: { min: 1, max: 20_000 },
  minutes: { min: 0.02, max: 60 },
} as const;
const requestsMax = 1_000_000;
const holdSecondsMax = 15;

const tokenForm = /^[\w.~+/-]+=*$/;

const options = {
  customers: { type: 'string', default: '1000' },
  rate: { type: 'string', default: '100' },
  minutes: { type: 'string', default: '1' },
  token: { type: 'string' },
  yes: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

/** What the arguments ask for, or in a sentence what is wrong with them. */
export const readPlan = (args: readonly string[], environment: NodeJS.ProcessEnv): Asked | string => {
  const parsed = parse(args);
  if (parsed instanceof Error) return faultOfArguments(parsed);
  const { values, positionals } = parsed;
  const url = addressIn(positionals);
  if (url === undefined) return 'name the address of one running onsale, for example http://127.0.0.1:3000';
  if (!values.yes && !isLoopback(url.hostname))
    return `${url.host} is not this machine: a show would be opened there and a whole on-sale sent to it; say --yes if that is meant`;
  const plan = planOf(url, values);
  if (typeof plan === 'string') return plan;
  const token = values.token ?? environment['REHEARSE_TOKEN'] ?? '';
  if (token === '') return { plan, json: values.json };
  return tokenForm.test(token)
    ? { plan, json: values.json, token }
    : 'the token is none that Authorization: Bearer can carry';
};

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    return asError(error);
  }
};

const addressIn = ([text = '', ...more]: readonly string[]): URL | undefined => {
  if (more.length > 0 || !/^https?:\/\//.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text);
};

/** Node writes every form of an IPv4 address as four numbers. */
const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'));

interface Texts {
  readonly customers: string;
  readonly rate: string;
  readonly minutes: string;
}

const planOf = (url: URL, texts: Texts): Plan | string => {
  const customers = numberIn(texts.customers, bounds.customers);
  const rate = numberIn(texts.rate, bounds.rate);
  const minutes = numberIn(texts.minutes, bounds.minutes);
  if (customers === undefined || !Number.isInteger(customers)) return wants('customers', 'a whole number');
  if (rate === undefined) return wants('rate', 'requests a second, a number');
  if (minutes === undefined) return wants('minutes', 'a number');
  const seconds = minutes * 60;
  const requests = Math.max(1, Math.round(rate * seconds));
  if (requests > requestsMax)
    return `${requests} requests are more than the ${requestsMax} whose answers can be remembered: lower --rate or --minutes`;
  return {
    url: `${url.origin}${url.pathname}`.replace(/(?<!\/)\/+$/, ''),
    customers,
    ratePerSecond: rate,
    seconds,
    requests,
    pools: poolsFor(requests),
    holdSeconds: Math.min(holdSecondsMax, Math.max(1, Math.round(seconds / 4))),
  };
};

/** Too few for everybody: a request asks for two standing places on average, and every tenth for one on the balcony. */
const poolsFor = (requests: number): readonly Pool[] => [
  { id: 'standing', name: 'Standing', capacity: requests },
  { id: 'balcony', name: 'Balcony', capacity: Math.ceil(requests / 50) },
];

const numberIn = (
  text: string,
  { min, max }: { readonly min: number; readonly max: number },
): number | undefined => {
  const value = /^\d{1,9}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : undefined;
};

const wants = (option: keyof typeof bounds, what: string): string =>
  `--${option} must be ${what} from ${bounds[option].min} to ${bounds[option].max}`;
