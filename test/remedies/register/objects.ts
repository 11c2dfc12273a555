import {carriedOut, forPeople, of, type Remedy} from '../remedy.ts';

const FIXED =
  'longhaul compare --objects names what differs and ends with 1; --fix makes nothing before build-indexes has';
const MENDED = 'a sample of single changes is named, each by its object, and its statement mends it';

const FOLLOWED = 'is told of with what makes the target follow, and no more once it has';

/** What the comparison of objects says. */
export const OF_OBJECTS: readonly Remedy[] = [
  ...of('cli/commands/compare-objects.ts', [
    [
      'longhaul run goes on with the run; then longhaul compare --objects',
      'what is missing is asked for before build-indexes has run',
      carriedOut('test/engine/compare/compare-objects.pg.test.ts', FIXED),
    ],
  ]),
  ...of('engine/compare/objects/describe-facts.ts', [
    [
      'make it on the target as pg_dump -s of the source has it; then longhaul run',
      'what differs has no statement by which it becomes another, as an aggregate or an operator class',
      forPeople('which objects are dropped and made anew, and what depends on them, is for the owner to say'),
    ],
  ]),
  ...of('engine/compare/objects/grantors.ts', [
    [
      'SET ROLE …; …; RESET ROLE',
      'a privilege was given on the target by somebody who has not given it on the source',
      carriedOut(
        'test/engine/compare/compare-objects.pg.test.ts',
        'a sample of single changes is named, each by its object, and its statement mends it',
      ),
    ],
  ]),
  ...of('engine/compare/objects/large-object-owners.ts', [
    [
      'compare pg_largeobject_metadata of both sides by oid: what the target has more was there before, or somebody has made it',
      'large objects differ beyond those that are named one by one',
      forPeople('what the target has of its own is for its owner to say'),
    ],
    [
      'give and take on the target what differs, ON LARGE OBJECT …; then longhaul run',
      'privileges on a large object differ',
      forPeople('which of both is right is for the owner to say'),
    ],
    [
      'its unit has not brought it: compare-rows, or longhaul retry with the unit of large objects',
      'a large object is missing on the target',
      forPeople('wants a unit that commits without one of its objects, and none does'),
    ],
  ]),
  ...of('engine/compare/objects/object-difference.ts', [
    [
      'on the target: …; then longhaul run',
      'something of an object differs, and this statement mends it',
      carriedOut('test/engine/compare/compare-objects.pg.test.ts', MENDED),
    ],
    [
      'when that is not wanted, on the target: …; then longhaul run',
      'something is on the target only',
      carriedOut('test/engine/compare/compare-objects.pg.test.ts', MENDED),
    ],
  ]),
  ...of('engine/compare/objects/privileges.ts', [
    [
      'REVOKE GRANT OPTION FOR ',
      'a privilege on the target may be granted on, and on the source not',
      carriedOut('test/engine/compare/compare-objects.pg.test.ts', MENDED),
    ],
  ]),
  ...of('probes/judge/walk/schema-alarms.ts', [
    [
      'longhaul drift says what each is; make them on the target as pg_dump -s of the source has them',
      'the schema of the source has changed in what no statement brings about',
      forPeople('which objects are dropped and made anew, and what depends on them, is for the owner to say'),
    ],
    [
      'longhaul drift has all of them',
      'more has changed in the schema of the source than an alarm tells',
      carriedOut('test/engine/compare/drift/drift.pg.test.ts', FOLLOWED),
    ],
    [
      'the alarm is over within two minutes',
      'the schema of the source has changed since P, and statements make the target follow',
      carriedOut('test/engine/compare/drift/drift.pg.test.ts', FOLLOWED),
    ],
  ]),
  ...of('domain/run/drift/schema-change.ts', [
    [
      'longhaul drift has all of it, with what makes the target follow; longhaul accept leaves it as it is',
      'the cutover is to begin, and the target has not followed what was altered on the source since P',
      carriedOut(
        'test/domain/run/schema-drift.test.ts',
        'a change that somebody has accepted keeps no cutover and raises no alarm',
      ),
    ],
  ]),
  ...of('cli/commands/inspect/report.ts', [
    [
      'name run folders, run_directory of their longhaul.yaml, after --attempts',
      'a folder that is no run folder is named for longhaul report --attempts',
      carriedOut('test/config/bad-inputs/command-line.ts', 'report --attempts /nowhere'),
    ],
  ]),
  ...of('engine/schema/beside/not-built.ts', [
    [
      'mend what the server names on the target; build-indexes tries it again',
      'an index cannot be built beside the load',
      carriedOut(
        'test/e2e/whole-runs/done-means-done.test.ts',
        'is built by the next run where its rows were mended; what somebody made there instead is not dropped',
      ),
    ],
  ]),
  ...of('engine/steps/prepare/copy-globals.ts', [
    [
      'before the load a superuser of the target sets it: ALTER DATABASE … SET, as the source has it; where there is none, what reads it says current_setting(name, true), which is null there',
      'a setting that no extension has, which only a superuser may give',
      carriedOut(
        'test/cases/stories/own-settings.pg.test.ts',
        'a setting that no extension has is told, for only a superuser of the target may give it; any other is copied',
      ),
    ],
  ]),
];
