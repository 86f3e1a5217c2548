/** The lease of a partition, in the hash slot of its stream so that the log's scripts can compare the token. */
export const leaseKey = (partition: number): string => `onsale:{${partition}}:lease`;

export const membersKey = 'onsale:{members}:projectors';

/** Where releases and leaves are announced. Only a nudge: whoever misses it finds out at its next look. */
export const leasesChannel = 'onsale:leases';
