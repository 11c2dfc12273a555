import {expect, test} from 'vitest';
import {parseLsn} from '../../../../src/domain/pg/lsn.ts';
import {keysInTheWay} from '../../../../src/engine/capture/pglogical/stuck-on.ts';

const change = (kind: string, table: string) => ({
  xid: '7',
  commitLsn: parseLsn('0/1'),
  endLsn: parseLsn('0/2'),
  changes: 2,
  schema: 'public',
  table,
  kind,
  key: null,
});
const key = (table: string, toTable: string) => ({
  schema: 'public',
  table,
  name: `${table}_Key`,
  toSchema: 'public',
  toTable,
});

test('a TRUNCATE of a table that others refer to is told with the keys to drop, which the cutover makes again', () => {
  const changes = [change('T', 'owners'), change('T', 'owned'), change('T', 'owners'), change('I', 'orders')];
  const told = keysInTheWay(changes, [key('owned', 'owners'), key('more', 'owned'), key('lines', 'orders')]);
  expect(told).toContain('it truncates public.owners, which public.owned refers to');
  expect(told).toContain(
    'ALTER TABLE "public"."owned" DROP CONSTRAINT "owned_Key"; ALTER TABLE "public"."more" DROP CONSTRAINT "more_Key"; it goes on by itself',
  );
});

test('a table that refers to itself alone is truncated, and other changes have no key in their way', () => {
  expect(keysInTheWay([change('T', 'tree')], [key('tree', 'tree')])).toBeNull();
  expect(keysInTheWay([change('D', 'owners'), change('I', 'owned')], [key('owned', 'owners')])).toBeNull();
});
