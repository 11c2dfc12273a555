import {isSameDifference} from '../difference.ts';
import type {JournalEntry} from '../event.ts';
import {nameOfChange, openChanges} from '../drift/schema-change.ts';
import type {RunState} from '../run-state.ts';

type DifferenceEntry = Extract<JournalEntry, {type: `differences.${string}`}>;

/** The part of `reduce` that is about what of the target could not be made as it is on the source. */
export function reduceDifferences(state: RunState, entry: DifferenceEntry): RunState {
  switch (entry.type) {
    case 'differences.found': {
      const {step, differences} = entry;
      const others = state.differences.filter((one) => one.step !== step);
      // Once accepted, a difference stays so until it is gone.
      const acceptedOf = state.differences.filter((one) => one.step === step && one.accepted !== null);
      return {
        ...state,
        differences: [
          ...others,
          ...differences.map((one) => ({
            ...one,
            step,
            accepted: acceptedOf.find((known) => isSameDifference(known, one))?.accepted ?? null,
          })),
        ],
      };
    }
    case 'differences.accepted': {
      const accepted = {by: entry.by, at: entry.at};
      return {
        ...state,
        schemaDrift: withAccepted(state.schemaDrift, entry.objects),
        differences: state.differences.map((one) =>
          one.accepted === null && entry.objects.includes(one.object) ? {...one, accepted} : one,
        ),
      };
    }
  }
}

function withAccepted(drift: RunState['schemaDrift'], objects: readonly string[]): RunState['schemaDrift'] {
  const named = openChanges(drift).filter(({object}) => objects.includes(object));
  return named.length === 0 ? drift : {...drift, accepted: [...(drift.accepted ?? []), ...named.map(nameOfChange)]};
}
