import {changed, type ObjectFault} from './fault.ts';

/** A comment on each kind that has none on the source: the object, as SQL names it, and the release that has it. */
const COMMENTED: readonly (readonly [kind: string, name: string, from?: number])[] = [
  ['schema', 'f'],
  ['sequence', 'f.numbers'],
  ['view', 'f.shown'],
  ['materialized view', 'f.kept'],
  ['foreign table', 'f.away'],
  ['type', 'f.mood'],
  ['type', 'f.pair'],
  ['type', 'f.spans'],
  ['domain', 'f.positive'],
  ['domain constraint', 'above_zero ON f.positive'],
  ['aggregate', 'f.total(integer)'],
  ['procedure', 'f.work(integer)', 11],
  ['operator', 'f.===(f.pair,f.pair)'],
  ['operator class', 'f.int_ops USING btree'],
  ['operator family', 'f.lonely USING btree'],
  ['cast', '(f.pair AS text)'],
  ['conversion', 'f.conversion'],
  ['collation', 'f.plain'],
  ['type', 'f.raw'],
  ['access method', 'f_index'],
  ['transform', 'FOR smallint LANGUAGE plpgsql'],
  ['text search parser', 'f.parser'],
  ['text search template', 'f.template'],
  ['text search dictionary', 'f.dict'],
  ['text search configuration', 'f.conf'],
  ['foreign data wrapper', 'f_wrapper'],
  ['server', 'f_server'],
  ['rule', 'no_delete ON f.child'],
  ['policy', 'own ON f.parent'],
  ['statistics', 'f.both_columns', 10],
  ['publication', 'f_changes', 10],
  ['event trigger', 'f_notice'],
];

/** Owners of each kind that has one. */
const OWNED: readonly (readonly [kind: string, name: string, from?: number])[] = [
  ['sequence', 'f.numbers'],
  ['view', 'f.shown'],
  ['materialized view', 'f.kept'],
  ['foreign table', 'f.away'],
  ['type', 'f.pair'],
  ['type', 'f.spans'],
  ['domain', 'f.positive'],
  ['aggregate', 'f.total(integer)'],
  ['procedure', 'f.work(integer)', 11],
  ['operator', 'f.===(f.pair,f.pair)'],
  ['operator class', 'f.int_ops USING btree'],
  ['operator family', 'f.lonely USING btree'],
  ['conversion', 'f.conversion'],
  ['collation', 'f.plain'],
  ['text search dictionary', 'f.dict'],
  ['text search configuration', 'f.conf'],
  ['server', 'f_server'],
  ['statistics', 'f.both_columns', 10],
  ['publication', 'f_changes', 10],
];

function commented(kind: string, name: string): string {
  return kind === 'domain constraint'
    ? `COMMENT ON CONSTRAINT ${name.replace(' ON ', ' ON DOMAIN ')} IS 'of the target'`
    : `COMMENT ON ${kind.toUpperCase()} ${name} IS 'of the target'`;
}

/** Something else is said of each. */
export const SAID: readonly ObjectFault[] = COMMENTED.map(([kind, name, from]) =>
  changed(`${kind} ${name}`, 'comment', commented(kind, name), from),
);

/** Each belongs to another. */
export const GIVEN: readonly ObjectFault[] = OWNED.map(([kind, name, from]) =>
  changed(`${kind} ${name}`, 'owner', `ALTER ${kind.toUpperCase()} ${name} OWNER TO longhaul`, from),
);
