import {basename} from 'node:path';
import {describe, expect, test} from 'vitest';
import {STEP_IDS} from '../../src/domain/run/step-id.ts';
import {RUNBOOK} from '../../src/engine/runbook.ts';
import {readSources} from './sources.ts';

/** The files of the rooms where steps live. */
const ROOMS = readSources()
  .filter(({path}) => /^src\/engine\/(steps|capture)\//.test(path))
  .map(({path}) => basename(path));

describe('the runbook', () => {
  test('has every step once, in the order of the procedure', () => {
    expect(RUNBOOK.map(({id}) => id)).toEqual([...STEP_IDS]);
  });

  test.each(RUNBOOK.map((step) => [step.id, step] as const))(
    '%s is a file of its own, says why and where it comes from',
    (id, step) => {
      expect(ROOMS.filter((name) => name === `${id}.ts`)).toHaveLength(1);
      for (const text of [step.title, step.why, step.source]) expect(text.length).toBeGreaterThan(3);
    },
  );

  test('its phases follow each other', () => {
    const phases = RUNBOOK.map(({phase}) => phase).filter((phase, index, all) => phase !== all[index - 1]);
    expect(phases).toEqual(['prepare', 'anchor', 'load']);
  });

  test('what touches production or cannot be taken back waits for the word', () => {
    const typed = RUNBOOK.filter(({confirm}) => confirm === 'typed').map(({id}) => id);
    expect(typed).toEqual(['create-slots', 'add-tables', 'pause-replay', 'strip-target', 'resume-replay']);
  });
});
