import {describe, expect, test} from 'vitest';
import {judgeRefusedValues} from '../../../src/engine/preflight/database/check-names-in-rows.ts';
import {judgeGoneRoles} from '../../../src/engine/preflight/database/check-superuser-objects.ts';

describe('values that no server reads in again', () => {
  const column = {schema: 'public', name: 'Audit', column: 'a tree', type: 'pg_node_tree', instead: 'text'};

  test('what rows have blocks and is given another type, what was not read is a note, what no row has is not told', () => {
    const findings = judgeRefusedValues([
      {column, refused: true},
      {column: {...column, column: 'f', type: 'regproc', instead: 'regprocedure'}, refused: true},
      {column: {...column, name: 'large'}, refused: null},
      {column: {...column, name: 'none'}, refused: false},
    ]);
    expect(findings.map(({severity}) => severity)).toEqual(['blocker', 'note']);
    expect(findings[0]?.seen).toMatch(/: public\."Audit" \(a tree, pg_node_tree\), public\."Audit" \(f, regproc\)$/);
    expect(findings[0]?.remedy).toMatch(
      /^on the source: ALTER TABLE "public"\."Audit" ALTER COLUMN "a tree" TYPE text; ALTER TABLE "public"\."Audit" ALTER COLUMN "f" TYPE regprocedure; it rewrites/,
    );
    expect(findings[1]?.seen).toMatch(/: public\.large \(a tree, pg_node_tree\)$/);
  });
});

describe('what belongs to roles that are no more', () => {
  const table = {type: 'TABLE', identity: 'public.t', unowned: true};

  test('blocks where it is an owner, and is told where it is a right', () => {
    expect(judgeGoneRoles([], 'postgres')).toEqual([]);
    const findings = judgeGoneRoles([table, {...table, identity: 'public.u', unowned: false}], 'the boss');
    expect(findings.map(({severity, check}) => [severity, check])).toEqual([
      ['blocker', 'source.owners-gone'],
      ['note', 'source.left-behind'],
    ]);
    expect(findings[0]).toMatchObject({
      seen: expect.stringMatching(/: table public\.t$/),
      remedy: expect.stringMatching(/: ALTER TABLE public\.t OWNER TO "the boss"$/),
    });
    expect(findings[1]?.seen).toMatch(/: table public\.u$/);
  });

  test('of many only some statements are written out, and how many are left is said', () => {
    const [finding] = judgeGoneRoles(
      Array.from({length: 13}, () => table),
      'postgres',
    );
    expect(finding?.remedy.match(/ALTER TABLE/g)).toHaveLength(10);
    expect(finding?.remedy).toMatch(/; and so for the other 3$/);
  });
});
