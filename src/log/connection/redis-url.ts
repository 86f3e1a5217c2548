import { isUnixUrl, maskUrl } from '../../shared/mask-url.ts';
import { parameterFault, parseUnixUrl } from './unix-url.ts';

/** Why a URL of one server cannot be used, as text; undefined for a valid one. */
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

/**
 * The file with the certificate authorities for this server; undefined means those that Node trusts by
 * default.
 */
export const caFileOf = (url: string): string | undefined => new URL(url).searchParams.get('ca') ?? undefined;

export const isClusterUrl = (url: string): boolean => /^rediss?\+cluster:\/\//.test(url);

/** `host:port`; an IPv6 host stands in brackets. */
export type Address = `${string}:${number}`;

export interface ClusterUrl {
  /** The nodes to ask first for the others. */
  readonly seeds: readonly Address[];
  /**
   * Whether nodes have certificates, which contain names: then nodes are addressed by name instead of by IP
   * address.
   */
  readonly isSecure: boolean;
  /** The URL of one node, with the user and password of the cluster. */
  readonly urlOf: (address: Address) => string;
}

const portDefault = 6379;

/**
 * Parses `redis+cluster://user:password@host:port?nodes=host2:port2,host3:port3`. Throws an error that says
 * what is wrong.
 */
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

/** The URL of one node, with user, password and certificate file of another URL. */
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

/** Host and port as separate values, as a socket needs them. */
export const hostAndPort = (address: Address): { readonly host: string; readonly port: number } => {
  const colon = address.lastIndexOf(':');
  return {
    host: address.slice(0, colon).replace(/^\[|\]$/g, ''),
    port: Number(address.slice(colon + 1)),
  };
};
