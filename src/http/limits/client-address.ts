import type { FastifyRequest } from 'fastify';
import { addressKey } from './address-key.ts';

/** What a client's address is counted under: that of the connection, where no better one is known. */
export const clientAddress = ({ ip, socket }: FastifyRequest): string =>
  addressKey(ip) ?? addressKey(socket.remoteAddress ?? '') ?? 'unknown';

/**
 * The same, and undefined where only a trusted proxy's address is known: everybody behind it would be counted as one
 * client, which is right for a rate that passes in a second and wrong for what is kept for hours.
 */
export const ownAddress = (request: FastifyRequest): string | undefined => {
  const { isProxy } = request.server;
  if (!isProxy) return clientAddress(request);
  const { ip, ips = [ip] } = request;
  return isProxy(ip, ips.length - 1) ? undefined : addressKey(ip);
};
