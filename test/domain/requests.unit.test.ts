import { requestIdOf, withId } from '../../src/domain/requests.ts';
import { assert, suite } from '../support/suite.ts';
import { changing, confirming } from './ask.ts';
import { opening, request, requestId, reservationId, showId } from './generate.ts';

const test = suite('requests');

test('a request that is repeated gets the id of the first, where that is an id of its kind', () => {
  assert.equal(withId(opening({ stalls: 1 }), showId(2)), { ...opening({ stalls: 1 }), showId: showId(2) });
  assert.equal(withId(request(1, []), reservationId(2)), {
    ...request(1, []),
    reservationId: reservationId(2),
  });
  const [confirmation, change] = [confirming(1), changing()];
  for (const asked of [confirmation, change])
    assert.equal(withId(asked, requestId(7)), { ...asked, requestId: requestId(7) });
});

test('the id of a request is that of what it makes, or its own', () => {
  assert.is(requestIdOf(opening({ stalls: 1 }, {}, showId(3))), showId(3));
  assert.is(requestIdOf(request(4, [])), reservationId(4));
  const confirmation = confirming(1);
  assert.is(requestIdOf(confirmation), confirmation.requestId);
});
