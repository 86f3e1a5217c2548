/** The lease of a partition, in the hash slot of its stream so that the log's scripts can compare the token. */
export const leaseKey = (partition: number): string => `onsale:{${partition}}:lease`;

export const membersKey = 'onsale:{members}:projectors';

/** The channel for releases and leaves. Only a hint: a competitor that misses a message finds out in its next round. */
export const leasesChannel = 'onsale:leases';
