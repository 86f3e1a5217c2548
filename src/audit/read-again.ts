import type { Auditing } from './auditing.ts';
import { type Customers, countCustomer, newCustomers, type Unread } from './customers.ts';
import { journalPages } from './journal-pages.ts';
import { judgeCustomer } from './judge-customer.ts';

/** Judges the customers for whom there was no memory, by reading the journal again until none is left. */
export const readAgain = async (
  auditing: Auditing,
  partition: number,
  { unread, limited, customersMax }: Customers,
): Promise<void> => {
  let only = withLimits(unread, limited);
  while (only.shows.size > 0) {
    const customers = newCustomers(customersMax, only);
    for await (const page of journalPages(auditing, partition))
      for (const entry of page) {
        const refused = only.lateConfirms.get(entry.position);
        judgeCustomer(customers, entry, { notes: auditing.notes, refused });
        countCustomer(customers, entry);
      }
    only = customers.unread;
  }
};

/** Shows that never had a limit need no second look. */
const withLimits = ({ shows, lateConfirms }: Unread, limited: ReadonlySet<string>): Unread => ({
  shows: new Map([...shows].filter(([showId]) => limited.has(showId))),
  lateConfirms,
});
