import type {ServerRole} from '../domain/pg/server-role.ts';
import type {Conninfo} from './conninfo/conninfo.ts';
import type {FileConfig} from './schema.ts';

type Deep<T> = T extends readonly (infer Item)[]
  ? readonly Deep<Item>[]
  : T extends object
    ? {readonly [Key in keyof T]: Deep<T[Key]>}
    : T;

type Sections = Deep<Omit<FileConfig, 'run_directory' | 'tools' | 'load' | ServerRole>>;
type Load = Deep<FileConfig['load']>;

/**
 * longhaul.yaml, validated, with its defaults, times in milliseconds and sizes in bytes. The keys are those of the file in camelCase (schema.ts and
 * keys/ say what each means); what depends on the machine or on more than one key is written here.
 */
export interface Config extends Sections {
  /** Absolute path of the folder that holds journal, plan and lanes. */
  readonly runDirectory: string;
  readonly servers: Readonly<Record<ServerRole, Conninfo>>;
  /** Folder of pg_dump and psql; null searches PATH and the usual places. */
  readonly toolsFolder: string | null;
  readonly load: Omit<Load, 'triggers'> & {readonly triggers: NonNullable<Load['triggers']>};
}
