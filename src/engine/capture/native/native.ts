import {updateSetOf} from '../../../domain/pg/slot-plan.ts';
import {readUnidentified} from '../../../pg/capture/publications.ts';
import {isOfWayBack} from '../../../domain/run/back/claimed-back.ts';
import {claimedSubscriptions, claimKind} from '../../../domain/run/claimed.ts';
import type {CaptureEngine} from '../capture.ts';
import {checkReadOnly} from '../guard/check-read-only.ts';
import {withReadOnlyTarget} from '../read-only-target.ts';
import {createSentinels} from '../sentinels/create-sentinels.ts';
import {checkSourceRights} from '../slots/check-source-rights.ts';
import {checkSourceSettings} from '../slots/check-source-settings.ts';
import {checkSourceSlots} from '../slots/check-source-slots.ts';
import {adoption} from './control/adoption.ts';
import {checkReverse} from './reverse/check-reverse.ts';
import {checkSource} from './check-source.ts';
import {checkTarget} from './check-target.ts';
import {planResume, planSkip, planStop} from './control/control.ts';
import {readNotApplied} from './control/not-applied.ts';
import {createNativeSlots} from './native-slots.ts';
import {createPublications} from './create-publications.ts';
import {NATIVE_DATA} from './data.ts';
import {NATIVE_NEEDS} from './needs.ts';
import {planRemoval} from './plan-removal.ts';
import {maybe} from '../../../pg/session/versions.ts';
import {readInsertsOnly} from './read-inserts-only.ts';
import {readNotPublished} from './read-not-published.ts';
import {nativeReverse} from './reverse/reverse.ts';
import {startCdc} from './start-cdc.ts';
import {readStatus} from './status.ts';
import {changedSince, stuckOn} from './control/stuck-on.ts';

/** PostgreSQL's own logical replication, without any extension: source 10 and newer. Source: facts/cdc.md, §2. */
export const native: CaptureEngine = {
  name: 'native',
  summary:
    "PostgreSQL's own subscriptions capture what is written after P: a logical slot, two publications and a subscription for each group of tables",
  needs: NATIVE_NEEDS,
  checks: [
    {id: 'source settings', check: checkSourceSettings},
    {id: 'source rights', check: checkSourceRights},
    {id: 'source of subscriptions', check: checkSource},
    {id: 'source slots', check: checkSourceSlots},
    {id: 'target of subscriptions', check: checkTarget},
    {id: 'read-only target', check: checkReadOnly},
    {id: 'the way back', check: checkReverse},
  ],
  data: NATIVE_DATA,
  first: [createSentinels],
  // A slot that is older than its publication fails at the first change.
  anchor: [createPublications, createNativeSlots],
  live: {
    start: withReadOnlyTarget(startCdc),
    slotsOf: claimedSubscriptions,
    status: readStatus,
    planRemoval,
    cannot: {kick: 'a worker that has ended is started again by the server within 5 s'},
    planStop,
    planResume,
    planKick: null,
    stuckOn,
    planSkip,
    changedSince,
    readInsertsOnly,
    readNotApplied,
    readUnidentified: async (source, slots) => source.run(readUnidentified(slots.map((slot) => updateSetOf(slot)))),
    carriesTruncate: (version) => maybe('publishesTruncate', version) !== null,
    adoption,
  },
  reverse: nativeReverse,
  words: {},

  owns: (object) =>
    ['slot', 'publication', 'sentinel', 'subscription'].includes(claimKind(object)) || isOfWayBack(object),
  readNotCaptured: readNotPublished,
};
