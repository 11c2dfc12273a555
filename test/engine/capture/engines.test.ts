import {describe, expect, test} from 'vitest';
import {judgeEngine} from '../../../src/engine/capture/check-engine.ts';
import {ENGINES} from '../../../src/engine/capture/engines.ts';
import {dms} from '../../../src/engine/capture/dms/dms.ts';
import {none} from '../../../src/engine/capture/none/none.ts';

const told = (findings: ReturnType<typeof judgeEngine>) => findings.map(({check, severity}) => `${severity} ${check}`);

test('an engine that reads slots asks whether they may be made, and kept, before it makes anything', () => {
  const withSlots = Object.values(ENGINES).filter(({needs}) => needs.slots !== null);
  expect(withSlots.map(({name}) => name)).toEqual(['dms', 'pglogical', 'native']);
  for (const {checks} of withSlots)
    expect(checks.map(({id}) => id)).toEqual(
      expect.arrayContaining(['source settings', 'source rights', 'source slots']),
    );
});

describe('a change of cdc.engine', () => {
  const made = ['schema on the target', 'slot dms_slot_01', 'set dms_slot_01', 'node longhaul'];

  test('is refused once the run has made something for the engine that it had', () => {
    const findings = judgeEngine(none, 'acme', made);
    expect(told(findings)).toEqual(['blocker engine.changed']);
    expect(findings[0]?.seen).toContain('slot dms_slot_01, set dms_slot_01, node longhaul');
    expect(findings[0]?.seen).not.toContain('schema');
    expect(findings[0]?.remedy).toContain('longhaul abort --yes acme');
  });

  test('is none where the engine is that which made them, or nothing is there', () => {
    expect(judgeEngine(dms, 'acme', made)).toEqual([]);
    expect(judgeEngine(none, 'acme', ['schema on the target'])).toEqual([]);
  });
});
