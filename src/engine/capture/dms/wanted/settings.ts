import type {LobLimit} from './lob-limit.ts';

/** What a task's settings depend on. */
export interface SettingsOptions {
  readonly limits: readonly LobLimit[];
  readonly batchApply: boolean;
}

/** The largest of the tables' own limits, for a table that has none; in kilobytes. */
function largestOf(limits: readonly LobLimit[]): number {
  return Math.max(64, ...limits.map((limit) => (limit.mode === 'limited' ? limit.kb : 0)));
}

/**
 * The settings of a task that loses nothing quietly: an error stops it, a table is not touched before changes come, no DDL is followed, and how far it is is kept on the
 * target. Pure. Source: facts/dms.md; each setting's why is in lint-settings.ts, by which those of other tasks are judged.
 */
export function taskSettings({limits, batchApply}: SettingsOptions) {
  return {
    TargetMetadata: {
      SupportLobs: true,
      FullLobMode: false,
      LobChunkSize: 64,
      LimitedSizeLobMode: true,
      LobMaxSize: largestOf(limits),
      BatchApplyEnabled: batchApply,
      TaskRecoveryTableEnabled: true,
    },
    FullLoadSettings: {TargetTablePrepMode: 'DO_NOTHING'},
    Logging: {EnableLogging: true},
    ControlTablesSettings: {
      HistoryTimeslotInMinutes: 5,
      HistoryTableEnabled: true,
      SuspendedTablesTableEnabled: true,
      StatusTableEnabled: true,
    },
    ChangeProcessingDdlHandlingPolicy: {
      HandleSourceTableDropped: false,
      HandleSourceTableTruncated: false,
      HandleSourceTableAltered: false,
    },
    // Longhaul compares every row itself; this would read whole tables of production.
    ValidationSettings: {EnableValidation: false},
    ErrorBehavior: {
      DataErrorPolicy: 'STOP_TASK',
      DataTruncationErrorPolicy: 'STOP_TASK',
      DataErrorEscalationPolicy: 'STOP_TASK',
      DataErrorEscalationCount: 0,
      TableErrorPolicy: 'STOP_TASK',
      TableErrorEscalationPolicy: 'STOP_TASK',
      TableErrorEscalationCount: 0,
      RecoverableErrorCount: 20,
      RecoverableErrorInterval: 5,
      RecoverableErrorThrottling: true,
      RecoverableErrorThrottlingMax: 300,
      RecoverableErrorStopRetryAfterThrottlingMax: true,
      ApplyErrorDeletePolicy: 'STOP_TASK',
      ApplyErrorInsertPolicy: 'STOP_TASK',
      ApplyErrorUpdatePolicy: 'STOP_TASK',
      ApplyErrorEscalationPolicy: 'STOP_TASK',
      ApplyErrorEscalationCount: 0,
      ApplyErrorFailOnTruncationDdl: true,
      FailOnNoTablesCaptured: true,
    },
  };
}

/** How a task's sessions are called on the target, so that they are told from others that write there. */
export const APPLIES_AS = 'longhaul-dms';

/** What a target endpoint's sessions set: neither triggers nor foreign keys of the target, and writes although the database takes none before the hand-over. */
const AFTER_CONNECT = `SET session_replication_role = 'replica'; SET default_transaction_read_only = off; SET application_name = '${APPLIES_AS}'`;

/** The settings of a slot's source endpoint beside where it is and who comes. Pure. */
export function sourceSettings(slot: string) {
  return {
    SlotName: slot,
    PluginName: 'pglogical',
    CaptureDdls: false,
    MapBooleanAsBoolean: true,
    TrimSpaceInChar: false,
    FailTasksOnLobTruncation: true,
    HeartbeatEnable: true,
    HeartbeatSchema: 'longhaul_cdc',
    HeartbeatFrequency: 1,
  } as const;
}

/** The settings of the target endpoint beside where it is and who comes. Pure. */
export function targetSettings() {
  return {
    AfterConnectScript: AFTER_CONNECT,
    MapBooleanAsBoolean: true,
    TrimSpaceInChar: false,
  } as const;
}
