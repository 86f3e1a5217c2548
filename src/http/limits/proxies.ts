import { BlockList, isIP } from 'node:net';

/** Proxies whose X-Forwarded-For is believed: how many stand in front, or which addresses and networks they have. */
export type TrustProxy = number | readonly string[];

/** Whether an address is such a proxy's; `hop` is 0 for that of the connection, and grows towards the client. */
export type ProxyTest = (address: string, hop: number) => boolean;

declare module 'fastify' {
  interface FastifyInstance {
    /** Null where no proxy is believed. */
    isProxy: ProxyTest | null;
  }
}

/** A bare number counts on nothing but the proxies being able to connect; fastify itself would trust nobody then. */
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
