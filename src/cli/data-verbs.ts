import {
  both,
  entryKey,
  flag,
  json,
  note,
  ofPartition,
  ofReason,
  someText,
  wholeNumber,
} from './options/values.ts';
import { newVerb, type Verb } from './options/verb.ts';

/** Verbs that show, repair or hand out what is stored. */
export const dataVerbs: readonly Verb[] = [
  newVerb({
    name: 'parked',
    summary: 'shows entries that could not be decided, and dismisses some of them',
    help: 'Without --dismiss and --restore it changes nothing. An <id> is <partition>/<stream id>, as --list prints it.',
    settings: ['DATABASE_URL'],
    exclusive: ['list', 'show', 'dismiss', 'restore'],
    options: {
      list: flag('each entry, instead of how many there are for each reason'),
      show: { ...entryKey, help: 'one entry, whole' },
      dismiss: {
        ...entryKey,
        multiple: true,
        goesWith: 'because',
        help: 'it will not be sent again, is no longer counted and raises no alert; may be given several times',
      },
      because: {
        ...note,
        goesWith: 'dismiss',
        help: 'the reason, stored with the user and the time for later readers',
      },
      restore: {
        ...entryKey,
        multiple: true,
        help: 'undoes a dismissal; may be given several times',
      },
      dismissed: flag('shows those that were dismissed as well'),
      partition: ofPartition,
      reason: ofReason,
      limit: {
        ...wholeNumber({ min: 1, max: 10_000 }),
        default: '50',
        help: 'with --list: the most entries to show',
      },
      json,
    },
    run: async ({ options }, env) => (await import('./parked/parked.ts')).parked(options, env),
  }),
  newVerb({
    name: 'redrive',
    summary: 'sends parked entries again, so that they are decided now',
    help: 'Does not ask for confirmation: --dry-run shows first what it would send.',
    settings: both,
    options: {
      id: {
        ...entryKey,
        help: 'this one alone, also when it was sent before and is not decided: <partition>/<stream id>, as onsale parked --list prints it',
      },
      partition: ofPartition,
      reason: ofReason,
      limit: {
        ...wholeNumber({ min: 1, max: 10_000 }),
        default: '100',
        help: 'the most entries to send, by partition, the oldest first',
      },
      'dry-run': flag('sends nothing, and prints what it would send'),
      json,
    },
    run: async ({ options }, env) => (await import('./parked/redrive.ts')).redrive(options, env),
  }),
  newVerb({
    name: 'feed',
    summary: 'prints the decisions of the journal, a CloudEvent a line',
    help: 'Changes nothing. In the end it prints on stderr the --after with which the next run goes on.',
    settings: ['DATABASE_URL'],
    exclusive: ['after', 'cursor-file'],
    options: {
      after: {
        ...someText('<cursor>'),
        help: 'a place in the feed; now: from here on; without it, from the beginning',
      },
      'cursor-file': {
        ...someText('<file>'),
        help: 'goes on from the place in this file, if there is one, and keeps it up to date: a run that is killed prints a page twice at most',
      },
      follow: flag('goes on with what is decided, until Ctrl-C'),
      show: { ...someText('<id>'), help: 'only the decisions of this show' },
      types: { ...someText('<types>'), help: 'only these, with commas between: reservation.*,hold.expired' },
      partition: ofPartition,
    },
    run: async ({ options }, env) => (await import('./feed/feed.ts')).feed(options, env),
  }),
  newVerb({
    name: 'rebuild',
    summary: 'rebuilds the read tables from the journal, beside live traffic',
    help: 'Ctrl-C at any time leaves everything as it was.',
    settings: ['DATABASE_URL'],
    options: {
      'dry-run': flag('only compares: names what differs, switches nothing; exit code 3 when something does'),
      keep: flag('keeps the former tables, under names that end in _kept_ and the time'),
      pace: {
        ...wholeNumber({ min: 1, max: 1_000_000 }),
        default: '5000',
        help: 'replays at most N decisions a second',
      },
      json,
    },
    run: async ({ options }, env) => (await import('./rebuild.ts')).rebuild(options, env),
  }),
];
