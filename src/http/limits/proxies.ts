import { BlockList, isIP } from 'node:net';

/**
 * Proxies whose X-Forwarded-For is trusted: the number of proxies in the chain, or their addresses and
 * networks.
 */
export type TrustProxy = number | readonly string[];

/**
 * Whether an address belongs to a trusted proxy. `hop` is 0 for the address of the connection, and grows
 * towards the client.
 */
export type ProxyTest = (address: string, hop: number) => boolean;

declare module 'fastify' {
  interface FastifyInstance {
    /** Null where no proxy is trusted. */
    isProxy: ProxyTest | null;
  }
}

/**
 * With a number, that many addresses are trusted, whatever they are, so only the proxies may be able to
 * connect. fastify itself would trust none of them.
 */
export const newProxyTest = (trusted: TrustProxy): ProxyTest => {
  if (typeof trusted === 'number') return (_address, hop) => hop < trusted;
  const networks = new BlockList();
  for (const network of trusted) {
    const [address = '', bits] = network.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (bits === undefined) networks.addAddress(address, family);
    else networks.addSubnet(address, Number(bits), family);
  }
  return (address) => {
    const version = isIP(address);
    return version !== 0 && networks.check(address, version === 6 ? 'ipv6' : 'ipv4');
  };
};
