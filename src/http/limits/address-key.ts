import { isIP } from 'node:net';

/**
 * The key under which requests of one client are counted. One customer with IPv6 controls a whole /64, so the
 * /64 is counted. An IPv4 address may be mapped into IPv6, and some proxies append the port. Undefined for a
 * text that is not an address: a client may write anything into the header.
 */
export const addressKey = (address: string): string | undefined => {
  const bare = address.replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, '$1').replace(/^\[(.*)\](:\d+)?$/, '$1');
  const version = isIP(bare);
  if (version !== 6) return version === 4 ? bare : undefined;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  return mapped ?? networkOf(bare);
};

const networkOf = (address: string): string => {
  const [head = '', tail] = address.split('::');
  const before = groupsOf(head);
  const after = tail === undefined ? [] : groupsOf(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  return `${[...before, ...zeros, ...after]
    .slice(0, 4)
    .map((group) => group.toString(16))
    .join(':')}::/64`;
};

const groupsOf = (text: string): readonly number[] =>
  text === ''
    ? []
    : text.split(':').flatMap((group) => (group.includes('.') ? [0, 0] : [Number.parseInt(group, 16)]));
