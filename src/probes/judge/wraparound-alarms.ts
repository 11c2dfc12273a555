import {slotObject} from '../../domain/run/claimed.ts';
import type {Alarm} from '../../domain/reading/alarm.ts';
import type {Figure} from '../../domain/reading/figure.ts';
import {needsOf} from '../../domain/rules/needs.ts';
import {howSlotsMove, orRelease} from '../../domain/rules/release-advice.ts';
import {formatCount} from '../../domain/base/units.ts';
import {figuresOf, newestOf} from './history.ts';
import {isAnswering, raisedSoFar, upperLimit, type Judge, type Observed} from './observed.ts';
import {remedyForForeign} from './capture/slot-alarms.ts';

/** From this age on the server freezes whatever it costs (vacuum_failsafe_age, 14+); at 2.1 billion it takes no transactions. */
const CRITICAL_AGE = 1_600_000_000;

/** What holds back as much as this share of an age is what keeps it from getting less. */
const HOLDS = 0.9;

/** The primary on its way to wraparound, and slots whose catalog_xmin keeps its system catalogs from being vacuumed. */
export const judgeWraparound: Judge = (observed) => {
  const reading = figuresOf(observed.history, 'wraparound:source');
  if (reading === null) return raisedSoFar(observed, 'wraparound.');
  const of = (name: string): Figure | null => reading.figures.find((figure) => figure.name === name) ?? null;
  const slots = [of('our_slot_xmin_age'), of('other_slot_xmin_age')];
  const holders = [...slots, of('transaction_xmin_age')];
  return [
    ...judgeAge(observed, {id: 'wraparound.xid:source', what: 'xid', figure: of('xid_age'), holders}),
    // No slot keeps multixacts.
    ...judgeAge(observed, {
      id: 'wraparound.multixact:source',
      what: 'multixact',
      figure: of('multixact_age'),
      holders: [],
    }),
    ...judgeSlots(observed, slots),
  ];
};

interface Age {
  readonly id: string;
  readonly what: string;
  readonly figure: Figure | null;
  readonly holders: readonly (Figure | null)[];
}

function judgeAge(observed: Observed, {id, what, figure, holders}: Age): Alarm[] {
  const {wraparoundAge} = observed.thresholds;
  const age = figure?.value ?? 0;
  if (figure === null || age < upperLimit(observed, id, wraparoundAge)) return [];
  const holder = holders.find((one) => (one?.value ?? 0) >= age * HOLDS) ?? null;
  return [
    {
      id,
      severity: age >= CRITICAL_AGE ? 'critical' : 'warning',
      subject: `${figure.of ?? 'the primary'} of the primary`,
      seen: `its oldest unfrozen ${what} is ${formatCount(age)} old (warn ${formatCount(wraparoundAge)}); at 2.1 billion the server takes no more transactions`,
      remedy:
        holder === null
          ? `on the primary, as superuser, in ${figure.of}: VACUUM (FREEZE); autovacuum does it as well, unless it is switched off or too slow`
          : `vacuum freezes nothing more as long as ${holder.of} is there: ${remedyFor(observed, holder)}; then on the primary, as superuser, in ${figure.of}: VACUUM (FREEZE)`,
    },
  ];
}

function judgeSlots(observed: Observed, slots: readonly (Figure | null)[]): Alarm[] {
  const {catalogXminAge} = observed.thresholds;
  return slots.flatMap((figure): Alarm[] => {
    const id = `wraparound.${figure?.name === 'our_slot_xmin_age' ? 'slot' : 'foreign-slot'}:source`;
    const age = figure?.value ?? 0;
    if (figure === null || age < upperLimit(observed, id, catalogXminAge)) return [];
    return [
      {
        id,
        severity: 'warning',
        subject: figure.of ?? 'slots',
        seen: `has kept vacuum from the system catalogs for ${formatCount(age)} transactions (warn ${formatCount(catalogXminAge)})`,
        remedy: remedyFor(observed, figure),
      },
    ];
  });
}

/** Who holds back the oldest xmin, and what ends that. */
function remedyFor(observed: Observed, {name, of}: Figure): string {
  const {state, history} = observed;
  if (name === 'our_slot_xmin_age') {
    const wait = howSlotsMove(state);
    return needsOf(state).slots === null
      ? wait
      : `${wait}${orRelease(state, {answers: isAnswering(observed, 'source'), freed: null})}`;
  }
  const slot = newestOf(history, 'slots')?.slots.find((one) => slotObject(one.name) === of);
  return slot === undefined ? 'ask its owner to end it' : remedyForForeign(slot);
}
