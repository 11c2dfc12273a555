import {join} from 'node:path';
import {describe, expect, test} from 'vitest';
import {PROTOCOL} from '../../../src/engine/wire/protocol.ts';
import {hashOf, shapeOf} from '../../house/type-shape.ts';

/** The shape of each protocol, by its number; a line is added and none is changed once a release speaks it. */
const SHAPES: Readonly<Record<number, string>> = {4: '4a9c8afa4841'};
/** The shape of the events of each format of the journal. */
const EVENTS: Readonly<Record<number, string>> = {1: 'a7989ab06ac6'};

const wire = shapeOf('src/engine/wire/protocol.ts', ['ServerMessage', 'ClientMessage', 'RunFacts', 'command']);
const events = shapeOf('src/domain/run/event.ts', ['JournalEntry']);
const golden = (name: string): string => join(import.meta.dirname, '../../golden', name);

describe('what two versions of Longhaul say to each other', () => {
  test('has the shape that its protocol number stands for', async () => {
    // Shows what has changed; the number below says that it was meant.
    await expect(wire, 'the wire protocol has changed: raise PROTOCOL').toMatchFileSnapshot(
      golden(`wire-${PROTOCOL}.txt`),
    );
    expect(
      hashOf(wire),
      `the shape of what goes over the socket has changed: raise PROTOCOL in src/engine/wire/protocol.ts, unless no release speaks ${PROTOCOL} yet, and note the hash here`,
    ).toBe(SHAPES[PROTOCOL]);
  });

  test('and leaves in the journal what every later one can read', async () => {
    await expect(events, 'the events of the journal have changed').toMatchFileSnapshot(golden('format-1/events.txt'));
    expect(
      hashOf(events),
      'the shape of the events has changed: a new key has to be optional, for old journals lack it; where an older reader would misread it, raise FORMAT in src/engine/run/journal-format.ts and take a golden folder; then note the hash here',
    ).toBe(EVENTS[1]);
  });
});

describe('the shape of a type', () => {
  const shape = shapeOf('src/domain/run/command.ts', ['Command']);

  test('has what the type rests on, in other files too', () => {
    expect(shape).toContain("readonly type:'pause-unit'");
    expect(shape).toContain("prepare:['preflight','create-sentinels','inventory',");
    expect(wire).toContain('confirmedFlushLsn:lsn.nullable()');
    expect(events).toMatch(/^Lsn: /m);
  });

  test('has no comments and no line breaks', () => {
    expect(wire).not.toMatch(/\/\*|\/\/ /);
    expect(shape.split('\n').every((line) => /^[\w$]+: /.test(line))).toBe(true);
  });
});
