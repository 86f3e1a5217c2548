import type { Line } from '../../src/domain/lines.ts';
import type {
  CancellationRequested,
  ConfirmationRequested,
  ExtensionRequested,
  FollowUp,
  ShowChangeRequested,
} from '../../src/domain/requests.ts';
import { customerId, requestId, reservationId, showId } from './generate.ts';

type Sender = Partial<Pick<FollowUp, 'customerId' | 'actor' | 'key' | 'requestId'>>;

let asked = 0;

/** Every call is a new request about the n-th reservation, by its customer. */
const followUp = (n: number): FollowUp => ({
  requestId: requestId(++asked),
  reservationId: reservationId(n),
  customerId: customerId('alice'),
  actor: 'customer',
});

export const confirming = (n: number, who: Sender & { reference?: string } = {}): ConfirmationRequested => ({
  type: 'ConfirmationRequested',
  ...followUp(n),
  ...who,
});

export const extending = (n: number, who: Sender = {}): ExtensionRequested => ({
  type: 'ExtensionRequested',
  ...followUp(n),
  ...who,
});

export const cancelling = (n: number, lines?: readonly Line[], who: Sender = {}): CancellationRequested => ({
  type: 'CancellationRequested',
  ...followUp(n),
  ...(lines && { lines }),
  ...who,
});

export const changing = (
  change: Partial<Omit<ShowChangeRequested, 'type' | 'requestId'>> = {},
): ShowChangeRequested => ({
  type: 'ShowChangeRequested',
  requestId: requestId(++asked),
  showId: showId(1),
  revisions: [1],
  force: false,
  ...change,
});
