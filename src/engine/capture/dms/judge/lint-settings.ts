/** A setting that loses data quietly as it is, why, and what to set. */
export interface Lint {
  /** `ErrorBehavior.DataErrorPolicy`. */
  readonly setting: string;
  /** As it is: `"LOG_ERROR"`, or `not set, which is "LOG_ERROR"`. */
  readonly is: string;
  readonly why: string;
  /** `"STOP_TASK"`. */
  readonly set: string;
}

type Value = string | number | boolean;

/** A rule: where the setting is, what DMS takes where it is not set, which values lose nothing, and why the others do. */
interface Rule {
  readonly at: readonly [group: string, name: string];
  readonly usual: Value;
  readonly isGood: (value: unknown) => boolean;
  readonly set: Value;
  readonly why: string;
}

const isOneOf =
  (...values: readonly Value[]) =>
  (value: unknown): boolean =>
    values.some((one) => one === value);

const STOPS = isOneOf('STOP_TASK', 'SUSPEND_TABLE');

function error(name: string, usual: string, why: string): Rule {
  return {at: ['ErrorBehavior', name], usual, isGood: STOPS, set: 'STOP_TASK', why};
}

/** The defaults of DMS that lose data quietly, and the values that do not. Source: facts/dms.md, and AWS's pages of task settings. */
const TASK_RULES: readonly Rule[] = [
  error('DataErrorPolicy', 'LOG_ERROR', 'a row that cannot be converted is left out, with a line in a log'),
  error('DataTruncationErrorPolicy', 'LOG_ERROR', 'a value that is cut off is applied cut off, with a line in a log'),
  error('DataErrorEscalationPolicy', 'SUSPEND_TABLE', 'after many errors the task would go on as if nothing were'),
  error('TableErrorPolicy', 'SUSPEND_TABLE', 'a table in trouble would be left out'),
  error(
    'ApplyErrorDeletePolicy',
    'IGNORE_RECORD',
    'a DELETE that finds no row is forgotten: both sides differ already',
  ),
  error('ApplyErrorInsertPolicy', 'LOG_ERROR', 'an INSERT that fails leaves its row out'),
  error('ApplyErrorUpdatePolicy', 'LOG_ERROR', 'an UPDATE that fails, or finds no row, is left out'),
  error('ApplyErrorEscalationPolicy', 'LOG_ERROR', 'after many errors the task would go on as if nothing were'),
  {
    at: ['ErrorBehavior', 'RecoverableErrorCount'],
    usual: -1,
    isGood: (value) => typeof value === 'number' && value >= 0,
    set: 20,
    why: 'it retries for ever and tells nobody, while the slot fills the disk of the source',
  },
  {
    at: ['ErrorBehavior', 'FailOnNoTablesCaptured'],
    usual: true,
    isGood: isOneOf(true),
    set: true,
    why: 'a task whose mappings match no table runs, and captures nothing',
  },
  ...(['Dropped', 'Truncated', 'Altered'] as const).map((what): Rule => ({
    at: ['ChangeProcessingDdlHandlingPolicy', `HandleSourceTable${what}`],
    usual: true,
    isGood: isOneOf(false),
    set: false,
    why: `the target's table would be ${what.toLowerCase()} without anybody's word`,
  })),
  {
    at: ['TargetMetadata', 'TaskRecoveryTableEnabled'],
    usual: false,
    isGood: isOneOf(true),
    set: true,
    why: 'how far the task is would be known to DMS alone: after a failure it applies changes twice, or leaves some out',
  },
  {
    at: ['TargetMetadata', 'SupportLobs'],
    usual: true,
    isGood: isOneOf(true),
    set: true,
    why: 'columns that are LOBs to DMS (text, json, bytea, arrays) stay empty',
  },
  {
    at: ['FullLoadSettings', 'TargetTablePrepMode'],
    usual: 'DROP_AND_CREATE',
    isGood: isOneOf('DO_NOTHING'),
    set: 'DO_NOTHING',
    why: 'a task that is reloaded by mistake drops or empties the tables that were loaded',
  },
];

const SOURCE_RULES: readonly Rule[] = [
  {
    at: ['PostgreSQLSettings', 'PluginName'],
    usual: 'no-preference',
    isGood: isOneOf('pglogical'),
    set: 'pglogical',
    why: 'the slot is of the plugin pglogical, whose sets say what is captured',
  },
  {
    at: ['PostgreSQLSettings', 'CaptureDdls'],
    usual: true,
    isGood: isOneOf(false),
    set: false,
    why: 'DMS would put an event trigger and a table into production, and follow DDL on the target',
  },
  {
    at: ['PostgreSQLSettings', 'MapBooleanAsBoolean'],
    usual: false,
    isGood: isOneOf(true),
    set: true,
    why: "a boolean would come as the text 'true'",
  },
  {
    at: ['PostgreSQLSettings', 'TrimSpaceInChar'],
    usual: true,
    isGood: isOneOf(false),
    set: false,
    why: 'spaces at the end of char values are taken away',
  },
  {
    at: ['PostgreSQLSettings', 'FailTasksOnLobTruncation'],
    usual: false,
    isGood: isOneOf(true),
    set: true,
    why: 'a LOB above the limit (32 kB where nobody sets one) is cut off, with a warning in a log',
  },
];

const TARGET_RULES: readonly Rule[] = [
  {
    at: ['PostgreSQLSettings', 'AfterConnectScript'],
    usual: '',
    isGood: (value) => /session_replication_role\s*=\s*'?replica/i.test(String(value)),
    set: "SET session_replication_role = 'replica'",
    why: "the target's foreign keys and triggers would act on what is applied: a trigger's rows come twice, a child before its parent fails",
  },
  ...SOURCE_RULES.filter(({at: [, name]}) => ['MapBooleanAsBoolean', 'TrimSpaceInChar'].includes(name)),
];

/** What a task's settings lose quietly; those of other settings that it has are left alone. Pure. */
export function lintTask(settings: unknown): Lint[] {
  const found = TASK_RULES.flatMap((rule) => lint(rule, settings));
  return [...found, ...lintLobMode(settings)];
}

/** What an endpoint's settings lose quietly: `{PostgreSQLSettings: {…}}`. Pure. */
export function lintEndpoint(endpoint: unknown, side: 'source' | 'target'): Lint[] {
  return (side === 'source' ? SOURCE_RULES : TARGET_RULES).flatMap((rule) => lint(rule, endpoint));
}

/** The limit of limited LOB mode, where nobody has set one, cuts off at 32 kB: only tables with a limit of their own are safe. */
function lintLobMode(settings: unknown): Lint[] {
  const [limited, size] = [
    valueAt(settings, 'TargetMetadata', 'LimitedSizeLobMode'),
    valueAt(settings, 'TargetMetadata', 'LobMaxSize'),
  ];
  if (limited === false || (typeof size === 'number' && size > 32)) return [];
  return [
    {
      setting: 'TargetMetadata.LobMaxSize',
      is: size === undefined ? 'not set, which is 32' : JSON.stringify(size),
      why: 'LOBs of tables without a limit of their own are cut off at 32 kB',
      set: 'the largest value that the inventory has measured, twice',
    },
  ];
}

function lint({at: [group, name], usual, isGood, set, why}: Rule, settings: unknown): Lint[] {
  const value = valueAt(settings, group, name);
  if (isGood(value ?? usual)) return [];
  const is =
    value === undefined || value === null ? `not set, which is ${JSON.stringify(usual)}` : JSON.stringify(value);
  return [{setting: `${group}.${name}`, is, why, set: JSON.stringify(set)}];
}

function valueAt(settings: unknown, group: string, name: string): unknown {
  return fieldOf(fieldOf(settings, group), name);
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
