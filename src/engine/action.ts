import type {ServerRole} from '../domain/pg/server-role.ts';

/** One thing that is done to a server or on the jump box: shown in a dry run and a dialog, and executed as it was shown. */
export interface Action {
  readonly on: ServerRole | 'jump box';
  /** SQL without its semicolon, or a command line without secrets; what is known only on the way says what it depends on. */
  readonly text: string;
  /** Does it, once. Looks first where it may have been done before. */
  execute(): Promise<void>;
}
