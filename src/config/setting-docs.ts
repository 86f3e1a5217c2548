/** The description of a setting. */
export interface SettingDoc {
  /** The description, in Markdown; for the table of docs/reference/configuration.md. */
  readonly about: string;
  /** The deployments or roles that must set it; such a setting has no default. */
  readonly neededBy?: string;
}

/**
 * All settings, in the order of the reference: addresses of servers, this process, promises, identity,
 * limits.
 */
export const settingDocs = {
  redisUrl: {
    about:
      'the streams, the leases, the boards; a cluster is `redis+cluster://host:port?nodes=host2:port2,host3:port3` or `rediss+cluster://` ([more](../operating/redis-cluster.md)), a socket of this machine `redis+unix:///path/to.sock?db=0`, with `user:password@` before the path where it wants one',
    neededBy: 'every role',
  },
  databaseUrl: { about: 'the journal and the tables', neededBy: 'every role' },
  redisCaFile: {
    about:
      'with `rediss://` or `rediss+cluster://`: only servers whose certificate one of these signs, and names, are spoken to. Without it, those that Node knows',
  },
  databaseCaFile: { about: 'the same for the database, and what makes the connection use TLS' },
  databaseReadUrl: {
    about:
      'a replica of that database, of which query processes read what may be [a little late](../operating/read-replica.md); the user need not write',
  },
  databaseReadCaFile: {
    about: 'the same for the replica; without it, `ONSALE_DATABASE_CA_FILE`',
  },
  readLagMsMax: {
    about:
      'how old what the replica has may be, in milliseconds, when it is read; the primary answers while it is, or may be, older',
  },
  host: {
    about:
      'the address the API listens on. `0.0.0.0` is every one of IPv4, `::` every one of IPv6 and IPv4 (of IPv4 alone where the machine has no IPv6): what containers and pods want',
  },
  port: { about: 'the API; 0 lets the system choose, and the log says which' },
  keepAliveSeconds: {
    about:
      'how long the API keeps an idle connection; longer than whatever stands in front keeps it, or a request that is sent as it closes is lost',
  },
  opsHost: {
    about: 'the address the ops port listens on; without it, that of `HOST`',
  },
  opsPort: {
    about:
      '`/livez`, [`/readyz`](../operating/balancers.md#health) and [`/metrics`](telemetry.md) of this process, whatever its roles: each process of a host needs one of its own; 0 lets the system choose, and the log says which',
  },
  logLevel: { about: 'what is logged' },
  idKeys: {
    about:
      'the same in every API process; the first one signs reservation ids, all verify, so that they rotate',
    neededBy: 'command and query',
  },
  partitions: {
    about: 'streams; may grow, never shrink; kept in both servers and compared at every start',
  },
  durability: { about: 'what a 202 promises' },
  acceptRisk: {
    about:
      'what the servers need not have, by the names that [`onsale doctor`](command-line.md#onsale-doctor) prints. As far as `mysql-clock` a process does not start on servers without it unless it stands here, and `/readyz` shows it then; only `doctor` asks for the others',
  },
  auth: { about: 'who is asking: `local` believes headers, `jwt` verifies bearer tokens (below)' },
  localAnywhere: { about: '`true` allows `local` on an address that is not loopback' },
  jwtJwksUrl: {
    about:
      'where the issuer publishes its keys; tokens are RS256, ES256 or EdDSA. `https`, unless the way there is your own network',
  },
  jwtSecret: { about: 'instead of that address: shared with the issuer; tokens are HS256' },
  jwtIssuer: { about: '`iss` of the tokens, to the letter', neededBy: '`jwt`' },
  jwtAudience: { about: '`aud` of the tokens, or one of it', neededBy: '`jwt`' },
  jwtClockToleranceSeconds: {
    about:
      'by how much the clocks may differ when `exp` and `nbf` are judged; a process whose clock differs by more from that of Redis is not ready',
  },
  requireKeys: {
    about:
      '`true` refuses every POST without an `Idempotency-Key` (400 `key-required`), and each request without a `key` in a call of many, for clients behind [proxies that repeat](../operating/balancers.md)',
  },
  corsOrigins: { about: 'pages that may call from a browser' },
  rateLimitCustomer: {
    about:
      'requests a second of one customer, and the burst after a colon; without one, the burst is one second’s worth. In a call of many each request counts',
  },
  rateLimitAddress: { about: 'the same for one address (of IPv6: one /64)' },
  trustProxy: {
    about:
      'whose `X-Forwarded-For` is believed: how many proxies stand in front (only if nothing else can connect), or their addresses and networks: `10.0.0.0/8,192.0.2.1`',
  },
  warmUpMs: {
    about:
      'how long a starting process may warm up, so that what a sale runs is compiled when it is ready; 0 leaves it out, as `npm start` does',
  },
  leaseTtlMs: { about: 'how long a silent projector keeps its partitions' },
  batchMax: { about: 'entries decided in one transaction at the most' },
  appendsInFlightMax: { about: 'appends of one process without a reply; beyond it 503' },
  waitersMax: {
    about: 'clients of one process that wait for an outcome; beyond it they are answered at once',
  },
  feedFollowersMax: {
    about:
      'callers of one process that follow the feed, or wait for its next decision; beyond it a stream is 503, and a wait is answered at once',
  },
  streamsMax: { about: 'event streams of one process; beyond it 503' },
  streamsPerCustomer: {
    about:
      'event streams that one signed-in customer may have open in one process; beyond it 429. Services and administrators have no such bound',
  },
  streamsPerAddress: {
    about:
      'event streams that one address (of IPv6: one /64) may have open in one process without saying who it is, as those of shows are; beyond it 429. Without it, a quarter of `ONSALE_STREAMS_MAX`. It does not hold where no address is known but that of a proxy in `ONSALE_TRUST_PROXY`; behind a proxy that is not named there all clients count as one address',
  },
  readsWaitingMax: {
    about:
      'reads of one process that wait for the database (a second time as many for the replica of `DATABASE_READ_URL`); beyond it 503',
  },
  retentionMs: { about: 'how long decided entries stay on the stream: how far back MySQL may be restored' },
  retentionEntriesMax: { about: 'above so many entries the retention shrinks in proportion' },
  backlogEntriesMax: { about: 'undecided entries of a partition from which on new requests get 503' },
  backlogWaitSecondsMax: { about: 'estimated wait from which on new requests get 503' },
  tracesSampler: {
    about:
      'which requests are traced; one that arrives with a `traceparent` follows it, for at most half of those kept. Errors, parked entries and slow ones are traced whatever this says',
  },
  tracesRatio: { about: 'share of the requests that are traced' },
  slowMs: { about: 'a request or a batch that takes longer is traced, and logged' },
  tracesViewed: {
    about:
      'traces a process keeps in memory for [`/traces`](telemetry.md#a-trace-without-a-backend) on its ops port; 0 keeps none. Meant for one machine; `npm start` sets it',
  },
  opsPeers: {
    about:
      'ops ports of the other processes of this machine, whose traces and metrics this one shows with its own on `PORT`, where that is loopback’s or callers are believed (`local`); `npm start` sets it',
  },
  redisMemoryShareMax: { about: 'share of Redis’ `maxmemory` from which on new requests get 503' },
} as const;
