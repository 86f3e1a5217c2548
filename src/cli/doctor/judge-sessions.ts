import type { SessionsLook } from '../../store/look-at-sessions.ts';
import { type Line, lineOf, type Want } from './line.ts';

const want: Want<SessionsLook> = {
  name: 'one-server',
  wanted: 'one server for all sessions, or nodes of one Galera cluster',
  why: 'what is written on one server is read too late on another, and a claim on the one says nothing to the other',
  cure: 'let DATABASE_URL lead to the server that takes writes: docs/operating/read-replica.md',
  found: ({ servers, split, isOneCluster }) => {
    if (split) return `one session comes to ${split.join(' and ')}`;
    const [first] = servers;
    if (servers.length === 1) return first;
    const names = servers.join(', ');
    return isOneCluster ? `nodes of one cluster, each process works with one: ${names}` : names;
  },
  holds: ({ servers, split, isOneCluster }) => split === undefined && (servers.length === 1 || isOneCluster),
};

/** Whether a proxy or a balancer stands in between that sends sessions, or what is asked in one, to several servers. */
export const judgeSessions = (look: SessionsLook | undefined): Line => lineOf(want, look);
