import { isIP } from 'node:net';
import { list, type Setting, wholeNumber } from './setting.ts';

const isOrigin = (text: string): boolean =>
  /^https?:/.test(text) && URL.canParse(text) && new URL(text).origin === text;

export const corsOrigins: Setting<readonly string[]> = {
  variable: 'ONSALE_CORS_ORIGINS',
  wanted: 'origins like https://shop.example, separated by commas, without a path, or * alone',
  fallback: [],
  parse: (text) => (text === '*' || list(text).every(isOrigin) ? list(text) : undefined),
};

const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...more] = text.split('/');
  const bitsMax = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1;
  return (
    more.length === 0 &&
    (bits === undefined ? bitsMax > 0 : /^\d{1,3}$/.test(bits) && Number(bits) <= bitsMax)
  );
};

export const trustProxy: Setting<number | readonly string[] | undefined> = {
  variable: 'ONSALE_TRUST_PROXY',
  wanted: 'how many proxies stand in front (1 to 9), or their addresses and networks, separated by commas',
  fallback: undefined,
  parse: (text) =>
    /^[1-9]$/.test(text) ? Number(text) : list(text).every(isNetwork) ? list(text) : undefined,
};

export const streamsPerAddress: Setting<number | undefined> = {
  ...wholeNumber('ONSALE_STREAMS_PER_ADDRESS', 1, { min: 1, max: 1_000_000 }),
  fallback: undefined,
};

export const opsPeers: Setting<readonly string[]> = {
  variable: 'ONSALE_OPS_PEERS',
  wanted: 'addresses like http://127.0.0.1:3001, separated by commas',
  fallback: [],
  parse: (text) => (list(text).every(isOrigin) ? list(text) : undefined),
};
