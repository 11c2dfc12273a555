/** When an alarm is raised: the keys under `alarms` in longhaul.yaml. */
export interface AlarmThresholds {
  readonly retainedBytes: number;
  readonly runwayMinutes: number;
  readonly inactiveMinutes: number;
  readonly stalledMinutes: number;
  readonly waitingMinutes: number;
  readonly longTransactionMinutes: number;
}
