import {expect, test} from 'vitest';
import {serverError, withoutStatement} from '../../../src/pg/session/server-error.ts';
import {sql} from '../../../src/pg/session/statement.ts';

test.each(['Client has encountered a connection error and is not queryable', 'Connection terminated unexpectedly'])(
  'a connection that has ended is told in plain words: %s',
  (words) => {
    const {message, code} = serverError('target', sql('SELECT 1'), new Error(words));
    expect([withoutStatement(message), code]).toEqual(['target: the connection to it was lost', 'unreachable']);
  },
);

test('what the machine says of a connection stays as it is', () => {
  const {message} = serverError('target', sql('SELECT 1'), new Error('read ECONNRESET'));
  expect(withoutStatement(message)).toBe('target: read ECONNRESET');
});
