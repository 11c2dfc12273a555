import type {DiskCauses} from '../../../domain/filling/disk-causes.ts';
import {usualGrowth} from '../../../domain/filling/runway.ts';
import type {RunState} from '../../../domain/run/run-state.ts';
import type {ServerRole} from '../../../domain/pg/server-role.ts';
import {newestOf, type History} from '../history.ts';

/** Whose the growth of a server's disk is: what this run keeps there, what slots of others keep, and the rest. Null before anything was read. Pure. */
export function causesOf(history: History, state: RunState, server: ServerRole): DiskCauses | null {
  const grown = usualGrowth(history.used.get(server) ?? []);
  const held = usualGrowth(history.held.get(server) ?? []);
  const rest = grown === null ? null : Math.max(0, grown - Math.max(0, held ?? 0));
  switch (server) {
    case 'source':
      return sourceCauses(history, rest);
    case 'replica': {
      const bytes = newestOf(history, 'replica')?.backlogBytes ?? null;
      if (bytes === null) return null;
      return {ours: {kind: 'replay', bytes, perSecond: held}, foreign: null, othersPerSecond: rest};
    }
    case 'target': {
      const loads = state.units.some((unit) => unit.state.status === 'running' && unit.state.paused === null);
      const ours = {kind: 'load', bytes: null, perSecond: loads ? grown : 0} as const;
      return {ours, foreign: null, othersPerSecond: loads ? null : grown};
    }
  }
}

function sourceCauses(history: History, rest: number | null): DiskCauses | null {
  const reading = newestOf(history, 'slots');
  if (reading === null) return null;
  const [foreign] = reading.slots
    .filter(({ours}) => !ours)
    .toSorted((a, b) => (b.retainedBytes ?? 0) - (a.retainedBytes ?? 0));
  const bytes = foreign?.retainedBytes ?? 0;
  return {
    ours: {
      kind: 'slots',
      bytes: Math.max(0, ...reading.slots.map((slot) => (slot.ours ? (slot.retainedBytes ?? 0) : 0))),
      perSecond: usualGrowth(history.held.get('our slots') ?? []),
    },
    foreign: foreign === undefined || bytes === 0 ? null : {slot: foreign.name, bytes},
    othersPerSecond: rest,
  };
}
