import type {Figure} from '../figures.ts';
import {SERVERS} from '../server-cpu.ts';
import type {Counted} from './contenders.ts';
import type {Shape} from './data.ts';
import type {LonghaulRun} from './longhaul.ts';

/** At most so much of what another takes. */
const GOALS: Readonly<Record<Shape, readonly (readonly [other: string, ratio: number])[]>> = {
  database: [
    ['the written way', 0.5],
    ['pgcopydb', 0.9],
    ['floor', 1.05],
  ],
  'largest table': [
    ['pg_dump | psql', 0.5],
    ['two binary ranges', 1.1],
  ],
  'many tables': [['pgcopydb', 0.8]],
  'many units': [],
};
/** Cut by its key, where the source is before 14. */
const GOALS_BY_KEY: (typeof GOALS)['database'] = [['pg_dump | psql', 0.6]];
/** The whole run, of pgcopydb's clone: with every row compared, and with counts. */
const GOALS_WHOLE = {full: 1.25, quick: 1.15} as const;
/** Of the supervisor, the wrappers of its lanes and a console. */
const GOAL_OWN_CPU = 0.02;
const GOAL_MEMORY_MB = 200;
const GOAL_PREPARATION_S = 10;
/** The middle one, or between the two in the middle. */
export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2;
}

/** Medians: `25.7 s      51.4 s on a CPU: source 8.1, replica 0.0, target 38.0, all else 5.3`; all else is clients, and whatever the machine does besides. */
function describe(all: readonly Counted[]): string {
  const cpu = median(all.map((one) => one.cpu));
  const each = SERVERS.map((server) => [server, median(all.map((one) => one.servers.get(server) ?? 0))] as const);
  const others = cpu - each.reduce((sum, [, one]) => sum + one, 0);
  const parts = [...each, ['all else', others] as const].map(([what, one]) => `${what} ${one.toFixed(1)}`);
  const seconds = median(all.map((one) => one.seconds));
  return `${seconds.toFixed(1).padStart(8)} s  ${cpu.toFixed(1).padStart(8)} s on a CPU: ${parts.join(', ')}`;
}

/** Whole runs of Longhaul, with every row compared, and with counts and a console. */
export type Runs = Readonly<Record<'full' | 'quick', readonly LonghaulRun[]>>;

/** Tells what each contender took, and gives the figures of a shape beside their goals. */
export function judge(
  {shape, byKey}: {readonly shape: Shape; readonly byKey: boolean},
  taken: ReadonlyMap<string, readonly Counted[]>,
  {full, quick}: Runs,
): Figure[] {
  for (const [name, all] of taken) console.log(`  ${name.padEnd(18)}${describe(all)}`);
  const against = (own: readonly number[], other: string): number | null => {
    const theirs = taken.get(other);
    return theirs === undefined ? null : median(own) / median(theirs.map(({seconds}) => seconds));
  };
  const loads = full.map(({loadS}) => loadS);
  const ratio = {unit: '', digits: 3};
  const goals = byKey ? GOALS_BY_KEY : GOALS[shape];
  const figures: Figure[] = [
    ...goals.map(([other, goal]) => ({name: `Longhaul / ${other}`, value: against(loads, other), goal, ...ratio})),
    ...(shape === 'database'
      ? [
          {name: 'the whole run / pgcopydb', value: against(whole(full), 'pgcopydb'), goal: GOALS_WHOLE.full, ...ratio},
          {
            name: 'the whole run with counts and a console / pgcopydb',
            value: against(whole(quick), 'pgcopydb'),
            goal: GOALS_WHOLE.quick,
            ...ratio,
          },
          {
            name: "supervisor's, wrappers' and console's share of the CPU",
            value: median(quick.map(({ownS, wholeCpuS}) => ownS / wholeCpuS)),
            goal: GOAL_OWN_CPU,
            ...ratio,
          },
        ]
      : []),
    ...(shape === 'many tables'
      ? [
          {
            name: 'preflight, inventory, plan and schedule',
            value: median(full.map(({preparationS}) => preparationS)),
            goal: GOAL_PREPARATION_S,
            unit: 's',
          },
        ]
      : []),
    {
      name: 'memory of the supervisor',
      value: Math.max(...full.map(({supervisorMB}) => supervisorMB)),
      goal: GOAL_MEMORY_MB,
      unit: 'MB',
      digits: 0,
    },
  ];
  return figures;
}

function whole(runs: readonly LonghaulRun[]): number[] {
  return runs.map(({wholeS}) => wholeS);
}
