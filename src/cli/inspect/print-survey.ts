import { msOf, type StreamId } from '../../domain/stream-id.ts';
import type { ServerSnapshot } from '../../log/inspect/inspect-server.ts';
import { countMax, type StreamSnapshot } from '../../log/inspect/inspect-stream.ts';
import { shortId } from '../pair/pair-line.ts';
import { durationText, fieldsOf, megabytes, tableOf, timeText } from '../print/print-table.ts';
import type { Warning } from './find-warnings.ts';
import type { MysqlSnapshot, PartitionSnapshot, RedisSnapshot, Survey } from './survey.ts';

export interface SurveyPage {
  readonly survey: Survey;
  readonly warnings: readonly Warning[];
  readonly nowMs: number;
}

/** The survey as tables for people. */
export const surveyText = ({ survey, warnings, nowMs }: SurveyPage): string =>
  [
    `${sumText(survey, warnings, nowMs)}${warnings.map(warningText).join('')}`,
    headText(survey),
    survey.redis.type === 'seen' ? membersText(survey.redis.look) : '',
    partitionsText(survey, nowMs),
  ]
    .filter((part) => part !== '')
    .join('\n');

/** Whether action is needed, and the totals. */
const sumText = (
  { redis, mysql, partitions }: Survey,
  warnings: readonly Warning[],
  nowMs: number,
): string => {
  const away = [...(redis.type === 'away' ? ['Redis'] : []), ...(mysql.type === 'away' ? ['MySQL'] : [])];
  const oldest = partitions.flatMap(({ stream }) => stream?.oldest ?? []).map(msOf);
  const parked = partitions.reduce((sum, { standing }) => sum + (standing?.parked ?? 0), 0);
  const counts = [
    counted(partitions.length, 'partition'),
    redis.type === 'seen' ? counted(redis.look.members.length, 'projector') : '? projectors',
    `${redis.type === 'seen' ? undecidedText(partitions) : '?'} undecided`,
    ...(oldest.length > 0 ? [`the oldest for ${durationText(nowMs - Math.min(...oldest))}`] : []),
    `${mysql.type === 'seen' ? parked : '?'} parked`,
  ];
  return `${headline(away, warnings.length)}\n${counts.join(', ')}\n`;
};

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;

const headline = (away: readonly string[], warnings: number): string => {
  const needs = warnings > 0 ? `${warnings} ${warnings === 1 ? 'thing needs' : 'things need'} attention` : '';
  if (away.length === 0) return needs === '' ? 'nothing needs attention' : `! ${needs}`;
  return `! ${away.join(' and ')} cannot be reached${needs === '' ? '' : `, and ${needs}`}`;
};

const undecidedText = (partitions: readonly PartitionSnapshot[]): string => {
  const lags = partitions.flatMap(({ stream }) => (stream ? [lagOf(stream)] : []));
  const sum = lags.reduce((all: number, lag) => all + (typeof lag === 'number' ? lag : countMax), 0);
  return lags.every((lag) => typeof lag === 'number') ? `${sum}` : `${sum} or more`;
};

const headText = ({ redis, mysql, pair }: Survey): string =>
  [
    redis.type === 'seen' ? `Redis  ${serverText(redis.look.server)}\n` : `Redis  AWAY: ${redis.why}\n`,
    mysql.type === 'seen'
      ? `MySQL  ${mysqlText(mysql.look)}\n`
      : `MySQL  AWAY: ${mysql.why}\n       (owner, epoch, watermark, position and parked are not known without it)\n`,
    pair ? `Pair   Redis ${shortId(pair.redis)}, MySQL ${shortId(pair.mysql)}\n` : '',
  ].join('');

const serverText = (server: ServerSnapshot): string => {
  const { version, usedBytes, maxBytes, appendOnly, appendFsync, evictionPolicy } = server;
  return [
    version ?? 'version not shown',
    `role ${server.role ?? 'not shown'}`,
    `${megabytes(usedBytes)} used of ${maxBytes > 0 ? megabytes(maxBytes) : 'no limit'}`,
    `appendonly ${appendOnly === undefined ? 'not shown' : appendOnly ? 'yes' : 'no'}`,
    `appendfsync ${appendFsync ?? 'not shown'}`,
    `maxmemory-policy ${evictionPolicy ?? 'not shown'}`,
    `replicas ${server.replicas ?? 'not shown'}`,
  ].join(', ');
};

const mysqlText = ({ partitions, server, isReadOnly }: MysqlSnapshot): string =>
  `${partitions} partitions, on ${server}, ${isReadOnly ? 'read-only' : 'takes writes'}`;

const membersText = ({ members }: RedisSnapshot): string =>
  members.length === 0
    ? 'no projector is alive\n'
    : tableOf(
        ['projector', 'holds', 'heard of'],
        members.map(({ id, held, silentMs }) => [id, held, `${durationText(silentMs)} ago`]),
      );

const partitionsText = ({ partitions, redis }: Survey, nowMs: number): string =>
  tableOf(
    ['partition', 'owner', 'since', 'epoch', 'lease', 'position', 'watermark', 'lag', 'oldest', 'parked'],
    partitions.map(({ partition, standing, stream, lease }) => [
      partition,
      standing?.owner,
      standing?.claimedAtMs === undefined ? undefined : `${durationText(nowMs - standing.claimedAtMs)} ago`,
      standing?.epoch,
      redis.type === 'away' ? '?' : lease && `${whose(lease.holder, standing?.owner)}, ${lease.endsInMs} ms`,
      standing?.position,
      standing?.watermark,
      stream ? lagOf(stream) : '?',
      stream?.oldest && ageOf(stream.oldest, nowMs),
      standing?.parked ?? '?',
    ]),
  );

const whose = (holder: string, owner: string | undefined): string =>
  holder === owner ? 'the owner' : holder;

/** Counted entries are preferred to the group's lag, because they are exactly the undecided ones. Counting ends at a bound. */
const lagOf = ({ lag = 0, behind }: StreamSnapshot): number | string => {
  if (behind === undefined) return lag;
  if (behind < countMax) return behind;
  return lag > behind ? lag : `${countMax} or more`;
};

const ageOf = (id: StreamId, nowMs: number): string => durationText(nowMs - msOf(id));

const warningText = ({ what, partitions }: Warning): string =>
  partitions ? `! ${what}: partition ${rangesOf(partitions)}\n` : `! ${what}\n`;

/** 0-3, 5 */
const rangesOf = (sorted: readonly number[]): string => {
  const ranges: [number, number][] = [];
  for (const each of sorted) {
    const last = ranges.at(-1);
    if (last && last[1] === each - 1) last[1] = each;
    else ranges.push([each, each]);
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(', ');
};

/** Everything that is known of one partition, a line for each fact. */
export const partitionText = (
  { partition, standing, stream, lease }: PartitionSnapshot,
  nowMs: number,
): string =>
  fieldsOf({
    partition,
    owner: standing?.owner,
    'claimed at': standing?.claimedAtMs === undefined ? undefined : timeText(standing.claimedAtMs),
    epoch: standing?.epoch,
    'lease held by': lease?.holder,
    'lease ends in': lease && `${lease.endsInMs} ms unless renewed`,
    position: standing?.position,
    watermark: standing?.watermark,
    'last decided at': standing && standing.clockMs > 0 ? timeText(standing.clockMs) : undefined,
    'entries in the stream': stream?.length,
    'first entry kept': stream?.firstId,
    'last id given': stream?.lastId,
    'read up to': stream?.lastDelivered,
    lag: stream && lagOf(stream),
    'oldest undecided': stream?.oldest && `${stream.oldest}, ${ageOf(stream.oldest, nowMs)} old`,
    'late entries from': stream?.lateFrom,
    parked: standing?.parked,
  });
