import type {Fact} from '../fact.ts';
import {dropOf, mendPart} from '../mend.ts';
import {columnOf, onWhat, wordOf} from '../mend-tables.ts';

const ENABLED: Readonly<Record<string, string>> = {O: 'ENABLE', D: 'DISABLE', R: 'ENABLE REPLICA', A: 'ENABLE ALWAYS'};
/** What is made anew where its definition is another. */
const MADE_ANEW: ReadonlySet<string> = new Set(['index', 'constraint', 'trigger']);

/** What takes an object off the target that the source has no more. Pure. */
export function takeBack(fact: Fact): string {
  if (fact.kind === 'grant') return fact.parts['back'] ?? '';
  if (fact.kind !== 'constraint') return dropOf(fact);
  const {own, of} = onWhat(fact.name);
  return `ALTER TABLE ${of} DROP CONSTRAINT ${own}`;
}

/** What brings a part of an object on the target to where the source has it now; null where no statement does. Pure. */
export function changePart(part: string, now: Fact, before: Fact): string | null {
  const value = now.parts[part] ?? null;
  if (part === 'comment') return mendPart(part, now, before);
  const {own, of} = onWhat(now.name);
  if (now.kind === 'grant')
    return value === null ? (now.parts['back'] ?? '').replace(/^REVOKE /, 'REVOKE GRANT OPTION FOR ') : now.make;
  if (now.kind === 'replica identity') return `ALTER TABLE ${now.name} REPLICA IDENTITY ${value}`;
  if (now.kind === 'trigger' && part === 'enabled') return `ALTER TABLE ${of} ${ENABLED[value ?? 'O']} TRIGGER ${own}`;
  if (now.kind === 'constraint' && part === 'validated')
    return value === 'yes' ? `ALTER TABLE ${of} VALIDATE CONSTRAINT ${own}` : null;
  if (now.kind === 'column' && part === 'generated') return ungenerated(now.name, value);
  if (MADE_ANEW.has(now.kind)) return now.make === null ? null : `${takeBack(before)}; ${now.make}`;
  if (now.kind === 'table' && part === 'partition of' && value === null)
    return `ALTER TABLE ${before.parts[part]} DETACH PARTITION ${now.name}`;
  if (now.kind === 'table' && part === 'bound') {
    const {'partition of': parent = null, bound} = now.parts;
    const alter = `ALTER TABLE ${parent}`;
    return parent === null
      ? null
      : `${alter} DETACH PARTITION ${now.name}; ${alter} ATTACH PARTITION ${now.name} ${bound}`;
  }
  return mendPart(part, now, before);
}

/** No column that is there becomes a generated one; what it was computed by may go, which leaves its values. */
function ungenerated(name: string, value: string | null): string | null {
  const {own, of} = columnOf(name);
  return value === null ? `ALTER TABLE ${of} ALTER COLUMN ${own} DROP EXPRESSION` : null;
}

const NAME = /^((?:"(?:[^"]|"")*"|[^".( ])+)(?:\.((?:"(?:[^"]|"")*"|[^".( ])+))?([^]*)$/;

/** Schema, own name and what is behind it, as the arguments of a function; without a schema it has only its name. */
function parted(name: string): {schema: string | null; own: string; rest: string} {
  const [, first = name, second, rest = ''] = NAME.exec(name) ?? [];
  return second === undefined ? {schema: null, own: first, rest} : {schema: first, own: second, rest};
}

/** What gives an object of the target the name that it has on the source now; null where only what it is in or on was renamed. Pure. */
export function renameOf(before: Fact, now: Fact): string | null {
  // A replica identity goes by its table's name.
  if (before.name === now.name || now.kind === 'replica identity') return null;
  if (now.kind === 'column') {
    const [was, is] = [columnOf(before.name), columnOf(now.name)];
    return was.own === is.own ? null : `ALTER TABLE ${is.of} RENAME COLUMN ${was.own} TO ${is.own}`;
  }
  if (now.name.includes(' ON ')) {
    const [was, is] = [onWhat(before.name), onWhat(now.name)];
    if (was.own === is.own) return null;
    return now.kind === 'constraint'
      ? `ALTER TABLE ${is.of} RENAME CONSTRAINT ${was.own} TO ${is.own}`
      : `ALTER ${wordOf(now.kind)} ${was.own} ON ${is.of} RENAME TO ${is.own}`;
  }
  const [was, is] = [parted(before.name), parted(now.name)];
  const word = `ALTER ${wordOf(now.kind)}`;
  const renamed = was.own === is.own ? [] : [`${word} ${before.name} RENAME TO ${is.own}`];
  // An index goes where its table goes.
  const moved =
    was.schema === is.schema || is.schema === null || now.kind === 'index'
      ? []
      : [`${word} ${was.schema}.${is.own}${was.rest} SET SCHEMA ${is.schema}`];
  const both = [...renamed, ...moved];
  return both.length === 0 ? null : both.join('; ');
}
