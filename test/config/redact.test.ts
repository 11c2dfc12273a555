import * as fc from 'fast-check';
import {describe, expect, test} from 'vitest';
import type {Conninfo} from '../../src/config/conninfo/conninfo.ts';
import {quoteValue} from '../../src/config/conninfo/conninfo.ts';
import {createRedactor} from '../../src/config/redact.ts';
import {Secret} from '../../src/config/secret.ts';
import {quoteLiteral} from '../../src/domain/pg/identifier.ts';

const serverWith = (password: string | null): Conninfo => ({
  params: {},
  password: password === null ? null : new Secret(password),
});
const redactorOf = (password: string) =>
  createRedactor({servers: {source: serverWith(null), replica: serverWith(null), target: serverWith(password)}});
const redact = redactorOf('hush');

describe('what leaves the process for people', () => {
  test.each([
    ['a password that nobody has told us, in a conninfo', 'host=a password=s3cr3t user=b', 's3cr3t'],
    ['one in quotes', String.raw`host=a password='s3 c\'r3t' user=b`, 'r3t'],
    ['one in a literal', `SELECT pglogical.create_node('n', 'host=a password=''s3cr3t x'' dbname=b')`, 's3cr3t'],
    ['one of a URI', 'postgresql://ana:s3cr3t@db1/app?x=y', 's3cr3t'],
    ['one of a URI as a parameter', 'postgresql://db1/app?password=s3cr3t&x=y', 's3cr3t'],
    ['one of a role', `ALTER ROLE app PASSWORD 's3cr3t''x' VALID UNTIL 'infinity'`, 's3cr3t'],
    ['a hash of a role', 'pg_authid has md5c4ca4238a0b923820dcc509a6f75849b', 'c4ca4238'],
    ['a SCRAM secret', 'rolpassword: SCRAM-SHA-256$4096:salt$stored:server', 'stored'],
    ['one in the environment', 'PGPASSWORD=s3cr3t psql', 's3cr3t'],
    ['one in JSON', '{"sslpassword": "s3cr3t"}', 's3cr3t'],
    ['one that we know, anywhere', 'FATAL: no such thing as hush here', 'hush'],
  ])('%s is masked', (_, text, secret) => {
    expect(redact(text)).not.toContain(secret);
    expect(redact(text)).toContain('********');
  });

  const KNOWN = String.raw`o'b\r@x`;
  const inConninfo = quoteValue(KNOWN).slice(1, -1);
  test.each([
    ['as it is', KNOWN],
    ['in an SQL literal', quoteLiteral(KNOWN).trim().slice(2, -1)],
    ['in a conninfo', inConninfo],
    ['in a conninfo in a literal', inConninfo.replaceAll("'", "''")],
    ['in a URI', encodeURIComponent(KNOWN)],
    ['in JSON', JSON.stringify(KNOWN).slice(1, -1)],
  ])('one that we know, written as it is %s', (_, written) => {
    expect(redactorOf(KNOWN)(`<${written}>`)).toBe('<********>');
  });

  test('and nothing else is', () => {
    const text = "SELECT pg_catalog.pg_drop_replication_slot('dms_slot_01') -- host=a user=b, https://db1:5432/x";
    expect(redact(text)).toBe(text);
  });

  test('any password is masked however it is written', () => {
    const password = fc
      .string({unit: 'grapheme', minLength: 6})
      .filter((text) => !text.includes('\0') && text.trim() !== '');
    fc.assert(
      fc.property(password, (secret) => {
        const masked = redactorOf(secret);
        for (const written of [
          `x ${secret} y`,
          `conninfo password=${quoteValue(secret)} x`,
          `SELECT ${quoteLiteral(secret)} x`,
          `SELECT ${quoteLiteral(`host=a password=${quoteValue(secret)}`)}`,
          `postgresql://ana:${encodeURIComponent(secret)}@db1/app`,
          JSON.stringify({said: secret}),
        ])
          expect(masked(written)).not.toContain(secret);
      }),
    );
  });
});
