import type {ServerVersion} from '../../../domain/pg/server-version.ts';
import {maybe} from '../../session/versions.ts';

/** Whose row a row of a catalog is: the catalog and the oid of the object, as SQL over the row `k`. */
export interface Owner {
  readonly of: string;
  readonly oid: string;
}

function own(catalog: string): readonly Owner[] {
  return [{of: `'${catalog}'`, oid: 'k.oid'}];
}

function relation(oid: string): readonly Owner[] {
  return [{of: "'pg_class'", oid}];
}

/** The table of what is commented on, null where the comment is on something else. */
function commented(catalog: string, table: string): string {
  return `(SELECT o.${table} FROM ${catalog} o WHERE k.classoid = '${catalog}'::regclass AND o.oid = k.objoid)`;
}

/** Every catalog that says something of an object that may move. A relation may be an index or a composite type, which belong to another object. */
export function ownersOf(version: ServerVersion): Readonly<Record<string, readonly Owner[]>> {
  const since = (
    row: 'policies' | 'transforms' | 'extendedStatistics' | 'publications',
    catalogs: Record<string, readonly Owner[]>,
  ) => (maybe(row, version) === null ? {} : catalogs);
  return {
    pg_class: relation('k.oid'),
    pg_attribute: relation('k.attrelid'),
    pg_attrdef: relation('k.adrelid'),
    pg_index: relation('k.indrelid'),
    pg_constraint: [...relation('k.conrelid'), {of: "'pg_type'", oid: 'k.contypid'}],
    pg_trigger: relation('k.tgrelid'),
    pg_rewrite: relation('k.ev_class'),
    pg_inherits: relation('k.inhrelid'),
    pg_foreign_table: relation('k.ftrelid'),
    pg_description: [
      {of: 'k.classoid::regclass::text', oid: 'k.objoid'},
      ...relation(commented('pg_constraint', 'conrelid')),
      ...relation(commented('pg_trigger', 'tgrelid')),
      ...relation(commented('pg_rewrite', 'ev_class')),
    ],
    pg_namespace: own('pg_namespace'),
    pg_proc: own('pg_proc'),
    pg_aggregate: [{of: "'pg_proc'", oid: 'k.aggfnoid::oid'}],
    pg_type: own('pg_type'),
    pg_enum: [{of: "'pg_type'", oid: 'k.enumtypid'}],
    pg_range: [{of: "'pg_type'", oid: 'k.rngtypid'}],
    pg_collation: own('pg_collation'),
    pg_operator: own('pg_operator'),
    pg_opclass: own('pg_opclass'),
    pg_opfamily: own('pg_opfamily'),
    pg_amop: [{of: "'pg_opfamily'", oid: 'k.amopfamily'}],
    pg_amproc: [{of: "'pg_opfamily'", oid: 'k.amprocfamily'}],
    pg_cast: own('pg_cast'),
    pg_conversion: own('pg_conversion'),
    pg_ts_parser: own('pg_ts_parser'),
    pg_ts_template: own('pg_ts_template'),
    pg_ts_dict: own('pg_ts_dict'),
    pg_ts_config: own('pg_ts_config'),
    pg_ts_config_map: [{of: "'pg_ts_config'", oid: 'k.mapcfg'}],
    pg_extension: own('pg_extension'),
    pg_foreign_data_wrapper: own('pg_foreign_data_wrapper'),
    pg_foreign_server: own('pg_foreign_server'),
    pg_language: own('pg_language'),
    pg_am: own('pg_am'),
    pg_event_trigger: own('pg_event_trigger'),
    ...since('transforms', {pg_transform: own('pg_transform')}),
    ...since('policies', {pg_policy: relation('k.polrelid')}),
    ...since('extendedStatistics', {
      pg_sequence: relation('k.seqrelid'),
      pg_statistic_ext: own('pg_statistic_ext'),
    }),
    ...since('publications', {
      pg_publication: own('pg_publication'),
      pg_publication_rel: [{of: "'pg_publication'", oid: 'k.prpubid'}],
    }),
  };
}
