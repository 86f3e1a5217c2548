import slotOf from 'cluster-key-slot';
import {
  type ClusterView,
  ownersOf,
  parseClusterNodes,
  type ReportedMaster,
} from '../../../src/log/cluster/slots.ts';
import { hostAndPort, newAddress, parseClusterUrl } from '../../../src/log/connection/redis-url.ts';
import { keysOf } from '../../../src/log/keys.ts';
import { assert, suite } from '../../support/suite.ts';

const test = suite('slots of a Redis Cluster');

test('all keys of a partition lie in the slot of its number, as the specification has it', () => {
  // The check value of CRC16/XMODEM, and a slot that a server has reported.
  assert.is(slotOf('123456789'), 0x31c3);
  assert.is(slotOf('foo'), 12_182);
  for (const { requests, lease } of [keysOf(5), keysOf(4_095)]) assert.is(slotOf(requests), slotOf(lease));
  assert.is(slotOf(keysOf(5).requests), slotOf('5'));
});

const reply = [
  'aa 10.0.0.1:7000@17000,one.example myself,master - 0 0 1 connected 0-99 200 [93->-bb]',
  'bb 10.0.0.2:7000@17000,two.example master - 0 0 2 connected 100-199 201-16383',
  'cc 10.0.0.3:7000@17000 slave bb 0 0 2 connected',
  'dd :0@0 master,noaddr - 0 0 3 disconnected 0-5',
  'ee :7000@17000 master - 0 0 4 connected',
  '',
].join('\n');

test('masters and all addresses are read from CLUSTER NODES, by number or by name', () => {
  const view = parseClusterNodes(reply, { askedHost: 'asked', wantNames: false });
  assert.equal(view.masters, [
    {
      address: '10.0.0.1:7000',
      epoch: 1,
      slots: [
        [0, 99],
        [200, 200],
      ],
    },
    {
      address: '10.0.0.2:7000',
      epoch: 2,
      slots: [
        [100, 199],
        [201, 16_383],
      ],
    },
  ]);
  assert.equal(view.addresses, ['10.0.0.1:7000', '10.0.0.2:7000', '10.0.0.3:7000', 'asked:7000']);
  assert.equal(view.moving, [93]);
  assert.equal(
    parseClusterNodes(reply.replace('93->-', '93-<-'), { askedHost: '', wantNames: false }).moving,
    [93],
  );
  const named = parseClusterNodes(reply, { askedHost: 'asked', wantNames: true });
  assert.equal(named.addresses, ['one.example:7000', 'two.example:7000', '10.0.0.3:7000', 'asked:7000']);
});

const viewOf = (...masters: readonly ReportedMaster[]): ClusterView => ({
  masters,
  addresses: [],
  moving: [],
});
const claim = (name: string, epoch: number, from: number, to: number): ReportedMaster => ({
  address: newAddress(name, 1),
  epoch,
  slots: [[from, to]],
});

test('of two that claim a slot the later epoch counts, whoever is asked first', () => {
  const cutOff = viewOf(claim('old', 1, 0, 99), claim('other', 2, 100, 16_383));
  const current = viewOf(claim('new', 7, 0, 99), claim('other', 2, 100, 16_383));
  for (const views of [
    [cutOff, current],
    [current, cutOff],
  ]) {
    const owners = ownersOf(views, []);
    assert.equal([owners[0], owners[99], owners[100]], ['new:1', 'new:1', 'other:1']);
  }
});

test('a slot that nobody claims stays where it was, and there is always somebody to ask', () => {
  const before = ownersOf([viewOf(claim('a', 1, 0, 16_383))], []);
  assert.is(ownersOf([viewOf(claim('b', 2, 0, 9))], before)[10], 'a:1');
  assert.is(ownersOf([viewOf(claim('b', 2, 0, 9))], [])[10], 'b:1');
});

test('a cluster is named by its first nodes, with one user and password for all', () => {
  const url = parseClusterUrl('redis+cluster://me:p%40ss@a.example:7000?nodes=b.example:7001,[::1]:7002,c');
  assert.equal(url.seeds, ['a.example:7000', 'b.example:7001', '[::1]:7002', 'c:6379']);
  assert.is(url.urlOf('b.example:7001'), 'redis://me:p%40ss@b.example:7001');
  assert.equal(hostAndPort(newAddress('::1', 7_002)), { host: '::1', port: 7002 });
  const secure = parseClusterUrl('rediss+cluster://a:1');
  assert.is(secure.urlOf('a:1'), 'rediss://a:1');
  assert.ok(secure.isSecure);
});

test('what is wrong with the URL of a cluster is said, without the password', () => {
  const faultOf = (text: string): string => {
    try {
      parseClusterUrl(text);
      return '';
    } catch (error) {
      return String(error);
    }
  };
  assert.match(faultOf('redis+cluster://me:hush@a:7000/3'), 'database');
  assert.not(faultOf('redis+cluster://me:hush@a:7000/3').includes('hush'));
  assert.match(faultOf('redis+cluster://a:7000?nodes=b:x'), '"b:x" is not host:port');
  assert.match(faultOf('redis+cluster://a:7000?retryDelayOnMoved=1'), 'no parameter "retryDelayOnMoved"');
  assert.match(faultOf('redis+cluster://'), 'host:port');
});
