import { maskUrl } from '../../shared/mask-url.ts';
import { isUnixUrl, parameterFault, parseUnixUrl } from './unix-url.ts';

/** Why a URL of one server cannot be used, in words; undefined for a good one. */
export const redisUrlFault = (url: string): string | undefined => {
  if (isUnixUrl(url)) {
    const address = parseUnixUrl(url);
    return typeof address === 'string' ? address : undefined;
  }
  if (!URL.canParse(url)) return 'it is not a URL; expected redis://host:port or rediss://host:port';
  const { protocol, searchParams } = new URL(url);
  return protocol === 'redis:' || protocol === 'rediss:'
    ? parameterFault(searchParams, ['ca', 'family'])
    : `${protocol}// is not redis:// or rediss://`;
};

/** The file of certificates by which the server's own is judged; undefined leaves it to those that Node knows. */
export const caFileOf = (url: string): string | undefined => new URL(url).searchParams.get('ca') ?? undefined;

export const isClusterUrl = (url: string): boolean => /^rediss?\+cluster:\/\//.test(url);

/** `host:port`; an IPv6 host stands in brackets. */
export type Address = `${string}:${number}`;

export interface ClusterUrl {
  /** Where to ask first who else there is. */
  readonly seeds: readonly Address[];
  /** Whether nodes prove their names by a certificate, so that names are wanted and not numbers. */
  readonly isSecure: boolean;
  /** The URL of one node, with the user and password of the cluster. */
  readonly urlOf: (address: Address) => string;
}

const portDefault = 6379;

/** `redis+cluster://user:password@host:port?nodes=host2:port2,host3:port3`. Throws what is wrong with it. */
export const parseClusterUrl = (text: string): ClusterUrl => {
  const refuse = (why: string): never => {
    throw new Error(`cannot use Redis at ${maskUrl(text)}: ${why}`);
  };
  if (!URL.canParse(text)) refuse('it is not a URL; expected redis+cluster://host:port');
  const url = new URL(text);
  if (!['', '/', '/0'].includes(url.pathname)) refuse('a cluster has one database, number 0');
  const fault = parameterFault(url.searchParams, ['nodes', 'ca']);
  if (fault !== undefined) refuse(fault);
  const others = url.searchParams.get('nodes')?.split(',') ?? [];
  const seeds = [url.host, ...others].map(
    (seed) => parseAddress(seed) ?? refuse(`${JSON.stringify(seed)} is not host:port`),
  );
  const isSecure = url.protocol === 'rediss+cluster:';
  return { seeds, isSecure, urlOf: (address) => urlOfNode(text, address) };
};

/** The URL of one server, with user, password and trust of another one or of its cluster. */
export const urlOfNode = (text: string, address: Address): string => {
  const { protocol, username, password } = new URL(text);
  const login = username || password ? `${username}:${password}@` : '';
  const caFile = caFileOf(text);
  const trust = caFile === undefined ? '' : `?ca=${encodeURIComponent(caFile)}`;
  return `${protocol.startsWith('rediss') ? 'rediss' : 'redis'}://${login}${address}${trust}`;
};

const parseAddress = (text: string): Address | undefined => {
  const [, host = '', port] = /^(\[[0-9a-fA-F:.]+\]|[^:@/?#[\]\s]+)(?::(\d{1,5}))?$/.exec(text) ?? [];
  return host === '' ? undefined : newAddress(host, Number(port ?? portDefault));
};

export const newAddress = (host: string, port: number): Address =>
  host.includes(':') && !host.startsWith('[') ? `[${host}]:${port}` : `${host}:${port}`;

/** As a socket wants it. */
export const hostAndPort = (address: Address): { readonly host: string; readonly port: number } => {
  const colon = address.lastIndexOf(':');
  return {
    host: address.slice(0, colon).replace(/^\[|\]$/g, ''),
    port: Number(address.slice(colon + 1)),
  };
};
