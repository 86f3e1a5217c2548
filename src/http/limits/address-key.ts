import { isIP } from 'node:net';

/**
 * What one client is counted under. An IPv6 customer has a /64 to choose from, so that is what is counted; an IPv4 one
 * may come mapped into IPv6, and some proxies leave the port on. Undefined for what is no address: it is whatever
 * somebody wrote into a header.
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
