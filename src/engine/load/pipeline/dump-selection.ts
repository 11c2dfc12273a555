import type {Config} from '../../../config/config.ts';
import {tablesOf, type LoadUnit} from '../../../domain/run/load-unit.ts';
import {quoteRelation} from '../../../domain/pg/relation.ts';
import {dataScope} from '../../schema/copy/dump-scope.ts';

/**
 * The pg_dump options that select a unit's data.
 * - a table: `-t` it, with --strict-names, so that a table that is not there is an error and no empty dump;
 * - the rest: everything but the tables of the other units (`-T`), so that sequences and configuration tables of extensions come along; where
 *   longhaul.yaml names the tables, these are named as well; a table in many parts is named once, for a command line has an end;
 * - the large objects: no table at all.
 * Only data comes along: otherwise pg_dump re-creates what was stripped. Large objects are created in the section before it, so
 * that theirs is the only dump that cannot name the section. `-b` and `-B` are understood by every release.
 */
export function dumpSelection(unit: LoadUnit, all: readonly LoadUnit[], tables: Config['tables']): string[] {
  switch (unit.kind) {
    case 'table':
      return [
        '--section=data',
        '-B',
        '--strict-names',
        ...unit.tables.flatMap((table) => ['-t', quoteRelation(table)]),
      ];
    case 'large-objects':
      return ['--data-only', '-b', '--no-owner', '--no-acl', '-T', '*.*'];
    case 'rest':
      return ['--section=data', '-B', ...restSelection(unit, all, tables)];
  }
}

function restSelection(unit: LoadUnit, all: readonly LoadUnit[], tables: Config['tables']): string[] {
  const others = tablesOf(all.filter((other) => other.id !== unit.id));
  if (tables.include.length > 0) return dataScope({...tables, include: [...unit.tables, ...(unit.also ?? [])]});
  return [...dataScope(tables), ...others.flatMap((table) => ['-T', quoteRelation(table)])];
}
