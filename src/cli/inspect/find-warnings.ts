import type { Config } from '../../config.ts';
import { compareStreamIds, msOf } from '../../domain/stream-id.ts';
import { replicaFault } from '../../log/connection/prepare-connection.ts';
import type { ServerSnapshot } from '../../log/inspect/inspect-server.ts';
import { readOnlyText } from '../../store/database/whereabouts.ts';
import type { MysqlSnapshot, PartitionSnapshot, RedisSnapshot, Survey } from './survey.ts';

/** Something that needs action by a person, now or soon. */
export interface Warning {
  readonly what: string;
  /** The partitions concerned, unless it concerns all. */
  readonly partitions?: readonly number[];
}

type Limits = Pick<Config, 'durability' | 'redisMemoryShareMax'>;

/** Deciding takes milliseconds; an entry that waits this long waits for something else. */
const oldestMsMax = 10_000;

/** Everything that is wrong, the most far-reaching first. A server that is away is not repeated here. */
export const findWarnings = (survey: Survey, limits: Limits): readonly Warning[] => {
  const { redis, mysql, pair, partitions } = survey;
  return [
    ...when(pair?.fault !== undefined, `${pair?.fault}`),
    ...(redis.type === 'seen' ? ofServer(redis.look.server, limits) : []),
    ...(mysql.type === 'seen' ? ofSide(mysql.look) : []),
    ...(redis.type === 'seen' && mysql.type === 'seen' ? ofSetUp(redis.look, mysql.look.partitions) : []),
    ...(redis.type === 'seen' ? ofMembers(redis.look) : []),
    ...ofPartitions(partitions, survey),
  ];
};

const ofSide = ({ isReadOnly, server }: MysqlSnapshot): readonly Warning[] =>
  when(isReadOnly, readOnlyText(server));

const when = (holds: boolean, what: string): readonly Warning[] => (holds ? [{ what }] : []);

const ofServer = (
  server: ServerSnapshot,
  { durability, redisMemoryShareMax }: Limits,
): readonly Warning[] => {
  const { appendOnly, appendFsync, evictionPolicy, lastWriteOk, usedBytes, maxBytes } = server;
  const { minReplicasToWrite, replicas } = server;
  const replicated = durability === 'replicated';
  return [
    ...when(server.role === 'replica', `Redis has ${replicaFault}`),
    ...when(appendOnly === false, 'Redis has appendonly no: whatever was answered is lost when it stops'),
    ...when(
      appendOnly !== false && appendFsync !== undefined && appendFsync !== 'always',
      `Redis has appendfsync ${appendFsync}: a power cut loses the last of what was answered`,
    ),
    ...when(
      evictionPolicy !== undefined && evictionPolicy !== 'noeviction',
      `Redis has maxmemory-policy ${evictionPolicy}: a full server deletes leases and boards, and may delete streams`,
    ),
    ...when(lastWriteOk === false, 'Redis could not write its append-only file: check its disk'),
    ...when(
      maxBytes > 0 && usedBytes / maxBytes > redisMemoryShareMax,
      `Redis uses ${Math.round((usedBytes / maxBytes) * 100)} % of its memory: new requests get 503`,
    ),
    ...when(
      replicated && minReplicasToWrite === 0,
      'ONSALE_DURABILITY is replicated, but Redis has min-replicas-to-write 0',
    ),
    ...when(replicated && replicas === 0, 'ONSALE_DURABILITY is replicated, but Redis has no replica'),
  ];
};

const ofSetUp = ({ partitions: inRedis }: RedisSnapshot, inMysql: number): readonly Warning[] => [
  ...when(
    inRedis === undefined && inMysql > 0,
    'Redis was never set up, but MySQL was: Redis has lost its data, or is another server',
  ),
  ...when(
    inRedis !== undefined && inRedis !== inMysql,
    `Redis was set up with ${inRedis} partitions, MySQL with ${inMysql}: they do not belong together`,
  ),
];

const ofMembers = ({ members }: RedisSnapshot): readonly Warning[] =>
  when(members.length === 0, 'no projector is alive: requests are accepted and nothing is decided');

/** One line for each kind of trouble, however many partitions have it. */
const ofPartitions = (partitions: readonly PartitionSnapshot[], { redis }: Survey): readonly Warning[] => {
  const nowMs = redis.type === 'seen' ? redis.look.server.nowMs : undefined;
  const anybody = redis.type === 'seen' && redis.look.members.length > 0;
  const those = (what: string, has: (look: PartitionSnapshot) => boolean): readonly Warning[] => {
    const having = partitions.filter(has).map(({ partition }) => partition);
    return having.length > 0 ? [{ what, partitions: having }] : [];
  };
  return [
    ...those('nobody holds the lease', ({ stream, lease }) => anybody && stream !== undefined && !lease),
    ...those(
      'the holder of the lease has not claimed the partition: a take-over is under way, or it is fenced',
      ({ lease, standing }) =>
        lease !== undefined && standing !== undefined && lease.holder !== standing.owner,
    ),
    ...those(
      'the stream went back below the watermark: Redis has lost entries; the next owner lifts it',
      ({ stream, standing }) =>
        stream !== undefined &&
        standing !== undefined &&
        compareStreamIds(stream.lastId, standing.watermark) < 0,
    ),
    ...those(`the oldest undecided entry has waited for more than ${oldestMsMax / 1_000} s`, ({ stream }) =>
      Boolean(nowMs && stream?.oldest && nowMs - msOf(stream.oldest) > oldestMsMax),
    ),
    ...those('entries are parked: onsale parked', ({ standing }) => (standing?.parked ?? 0) > 0),
    ...those(
      'holds are due that cannot lapse, and keep their places: onsale verify names them',
      ({ standing }) => (standing?.stuckHolds ?? 0) > 0,
    ),
  ];
};
