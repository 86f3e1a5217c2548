import type { FastifyRequest } from 'fastify';
import { addressKey } from './address-key.ts';

/** The key for a client's address: that of the connection, if no better one is known. */
export const clientAddress = ({ ip, socket }: FastifyRequest): string =>
  addressKey(ip) ?? addressKey(socket.remoteAddress ?? '') ?? 'unknown';

/**
 * The same, but undefined where only the address of a trusted proxy is known: all clients of that proxy would
 * be counted as one. That is acceptable for a rate that recovers in a second, but not for slots that are kept
 * for hours.
 */
export const ownAddress = (request: FastifyRequest): string | undefined => {
  const { isProxy } = request.server;
  if (!isProxy) return clientAddress(request);
  const { ip, ips = [ip] } = request;
  return isProxy(ip, ips.length - 1) ? undefined : addressKey(ip);
};
