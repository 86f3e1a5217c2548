import { type PeerId, parsePeerId, peerIds } from '../peers/catalogue.ts';
import type { Arguments } from '../read-arguments.ts';
import { peerSide } from '../sides/peer-side.ts';
import type { Side } from '../sides/side.ts';

const quickPeers: readonly PeerId[] = ['conditional-update', 'stream-ceiling'];

/**
 * The requested peers; by default all, or in a quick run the best of the usual designs and the bare ceiling.
 */
export const chosenPeers = ({ peers, quick }: Arguments): readonly Side[] => {
  const ids = peers?.map(parsePeerId) ?? (quick ? quickPeers : peerIds);
  return ids.map(peerSide);
};
