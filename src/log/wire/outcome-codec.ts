import { type Outcome, outcomeId } from '../../domain/outcome.ts';
import { outcomeCheck } from './outcome-wire.ts';

/**
 * A message on a partition's outcome channel is text in lines. The first line is the version. The second has
 * the ids of the outcomes, each of 36 characters, separated by spaces. Then follows one line for each id, in
 * the same order: its outcome as JSON. So a subscriber that waits for a few ids scans the second line and
 * parses only their outcomes.
 */
const version = '1';
const idLength = 36;
const messageLengthMax = 262_144;

/**
 * Splits outcomes into messages of about a quarter of a MiB at most, so that no subscriber's buffer
 * overflows.
 */
export const encodeOutcomes = (outcomes: readonly Outcome[]): readonly string[] => {
  const messages: string[] = [];
  let ids: string[] = [];
  let payloads: string[] = [];
  let length = 0;
  for (const outcome of outcomes) {
    const payload = JSON.stringify(outcome);
    if (ids.length > 0 && length + payload.length > messageLengthMax) {
      messages.push(messageOf(ids, payloads));
      [ids, payloads, length] = [[], [], 0];
    }
    ids.push(outcomeId(outcome));
    payloads.push(payload);
    length += payload.length + idLength + 2;
  }
  if (ids.length > 0) messages.push(messageOf(ids, payloads));
  return messages;
};

const messageOf = (ids: readonly string[], payloads: readonly string[]): string =>
  `${version}\n${ids.join(' ')}\n${payloads.join('\n')}`;

export interface OutcomeReading {
  readonly outcomes: readonly (readonly [id: string, outcome: Outcome])[];
  /** Awaited outcomes, or whole messages, that could not be read. */
  readonly broken: number;
}

const nothing: OutcomeReading = { outcomes: [], broken: 0 };
const unreadable: OutcomeReading = { outcomes: [], broken: 1 };

/** The awaited outcomes of a message. Never throws, whatever the bytes are. */
export const decodeOutcomes = (message: Buffer, isAwaited: (id: string) => boolean): OutcomeReading => {
  const versionEnd = message.indexOf(10);
  const idsEnd = message.indexOf(10, versionEnd + 1);
  if (versionEnd < 0 || idsEnd < 0 || message.toString('latin1', 0, versionEnd) !== version)
    return unreadable;
  const ids = message.toString('latin1', versionEnd + 1, idsEnd);
  const awaited = awaitedIn(ids, isAwaited);
  return awaited.length === 0 ? nothing : decodePayloads(message.toString('utf8', idsEnd + 1), awaited);
};

type AwaitedId = readonly [index: number, id: string];

const awaitedIn = (ids: string, isAwaited: (id: string) => boolean): readonly AwaitedId[] => {
  const awaited: AwaitedId[] = [];
  for (let index = 0, at = 0; at < ids.length; index += 1, at += idLength + 1) {
    const id = ids.slice(at, at + idLength);
    if (isAwaited(id)) awaited.push([index, id]);
  }
  return awaited;
};

const decodePayloads = (text: string, awaited: readonly AwaitedId[]): OutcomeReading => {
  const payloads = text.split('\n');
  const outcomes: (readonly [string, Outcome])[] = [];
  for (const [index, id] of awaited) {
    const outcome = outcomeIn(payloads[index]);
    if (outcome && outcomeId(outcome) === id) outcomes.push([id, outcome]);
  }
  return { outcomes, broken: awaited.length - outcomes.length };
};

const outcomeIn = (payload: string | undefined): Outcome | undefined => {
  try {
    const value: unknown = JSON.parse(payload ?? '');
    return outcomeCheck.Check(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
