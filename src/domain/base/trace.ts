import type {ServerRole} from '../pg/server-role.ts';

/** What can be traced: statements, what happens to lanes, messages of the supervisor's socket. */
export const TRACES = ['sql', 'lanes', 'wire'] as const;

/** One thing as it happened, for the run's trace; who writes it adds the time. Never a row of a table, never a result. */
export type TraceEvent =
  | {
      readonly trace: 'sql';
      readonly server: ServerRole;
      /** `longhaul/acme-prod/probe`, as pg_stat_activity has it. */
      readonly application: string;
      readonly event: 'connected' | 'done' | 'failed' | 'running';
      /** As people see it: parameters written in, what holds a secret left out. */
      readonly sql: string;
      readonly ms: number;
      /** How many rows came back. */
      readonly rows?: number;
      /** Null where the server did not answer. */
      readonly sqlstate?: string | null;
      readonly message?: string;
    }
  | {
      readonly trace: 'lanes';
      readonly event: string;
      readonly unit: string;
      readonly facts: Readonly<Record<string, unknown>>;
    }
  | {
      readonly trace: 'wire';
      readonly direction: 'in' | 'out';
      readonly type: string;
      readonly bytes: number;
      readonly facts: Readonly<Record<string, unknown>>;
    };

/** Takes what happened, and never throws: a trace that cannot be written stops nothing. */
export type Trace = (event: TraceEvent) => void;
