import {describe, expect, test} from 'vitest';
import {decodeTransaction} from '../../../../src/engine/capture/native/control/decode-pgoutput.ts';

/** A message of pgoutput from its parts: numbers of so many bytes, letters, texts that end with a zero. */
function message(...parts: readonly (string | readonly [number, number] | {text: string})[]): string {
  return parts
    .map((part) => {
      if (typeof part === 'string') return Buffer.from(part, 'latin1').toString('hex');
      if ('text' in part) return `${Buffer.from(part.text).toString('hex')}00`;
      return part[0].toString(16).padStart(part[1] * 2, '0');
    })
    .join('');
}

const column = (name: string, isKey: boolean) =>
  [[isKey ? 1 : 0, 1] as const, {text: name}, [23, 4] as const, [0, 4] as const] as const;
const orders = message(
  'R',
  [16_400, 4],
  {text: 'public'},
  {text: 'orders'},
  'd',
  [2, 2],
  ...column('id', true),
  ...column('note', false),
);
const value = (text: string) => ['t', [Buffer.byteLength(text), 4] as const, text] as const;
const end = message('C', [0, 1], [0, 4], [0x1a2b, 4], [0, 4], [0x1a5c, 4], [0, 8]);

function decode(...messages: readonly string[]) {
  return decodeTransaction(
    'lh_01',
    messages.map((one) => ({xid: '731', message: one, changes: 9})),
  );
}

describe('the transaction that cannot be applied', () => {
  test('is told with where its commit begins and ends, and with the keys of its rows, not with the rows', () => {
    const found = decode(
      orders,
      message('B', [0, 8], [0, 8], [731, 4]),
      message('I', [16_400, 4], 'N', [2, 2], ...value('17'), ...value('secret')),
      message('U', [16_400, 4], 'N', [2, 2], ...value('18'), 'u'),
      message('D', [16_400, 4], 'K', [2, 2], ...value('19'), 'n'),
      message('T', [1, 4], [0, 1], [16_400, 4]),
      end,
    );
    expect(found).toEqual({
      slot: 'lh_01',
      xid: '731',
      commitLsn: '0/1A2B',
      endLsn: '0/1A5C',
      count: 9,
      changes: [
        'INSERT public.orders (id 17)',
        'UPDATE public.orders (id 18)',
        'DELETE public.orders (id 19)',
        'TRUNCATE public.orders',
      ],
      tables: [{schema: 'public', name: 'orders'}],
      named: [
        {table: {schema: 'public', name: 'orders'}, columns: ['id']},
        {table: {schema: 'public', name: 'orders'}, columns: ['id']},
      ],
    });
  });

  test('is told with the columns that its rows were named by when they were written, for each change of another identity', () => {
    const byNote = message(
      'R',
      [16_400, 4],
      {text: 'public'},
      {text: 'orders'},
      'i',
      [2, 2],
      ...column('id', false),
      ...column('note', true),
    );
    const update = message('U', [16_400, 4], 'N', [2, 2], ...value('18'), ...value('b'));
    const insert = message('I', [16_400, 4], 'N', [2, 2], ...value('17'), ...value('a'));
    const named = decode(orders, insert, byNote, update, end)?.named;
    expect(named?.map(({columns}) => columns)).toEqual([['note']]);
  });

  test('of a row that was cut off names what of its key was read', () => {
    const whole = message('I', [16_400, 4], 'N', [2, 2], ...value('x'.repeat(200)), ...value('note'));
    expect(decode(orders, whole.slice(0, 120), end)?.changes).toEqual([`INSERT public.orders (id ${'x'.repeat(40)}…)`]);
  });

  test('of which no end was read is none', () => {
    expect(decode(orders, message('I', [16_400, 4], 'N', [0, 2]))).toBeNull();
  });
});
