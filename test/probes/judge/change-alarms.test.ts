import {describe, expect, test} from 'vitest';
import type {Alarm} from '../../../src/domain/reading/alarm.ts';
import {changeAlarms, quietAfter} from '../../../src/probes/judge/alarms.ts';

describe('a raised alarm', () => {
  const alarm: Alarm = {id: 'a', severity: 'warning', subject: '', seen: '', remedy: ''};
  const none = new Map<string, number>();

  test('is not raised twice, but for getting worse', () => {
    expect(changeAlarms([], [alarm], {quietSince: none, nowMs: 0}).raise).toEqual([alarm]);
    expect(changeAlarms([alarm], [{...alarm, seen: 'more'}], {quietSince: none, nowMs: 0}).raise).toEqual([]);
    const worse: Alarm = {...alarm, severity: 'critical'};
    expect(changeAlarms([alarm], [worse], {quietSince: none, nowMs: 0}).raise).toEqual([worse]);
    expect(changeAlarms([worse], [alarm], {quietSince: none, nowMs: 0}).raise).toEqual([]);
  });

  test('is cleared only after a quiet minute', () => {
    const first = changeAlarms([alarm], [], {quietSince: none, nowMs: 1000});
    expect(first.clear).toEqual([]);
    const again = changeAlarms([alarm], [alarm], {quietSince: first.quietSince, nowMs: 30_000});
    const quiet = changeAlarms([alarm], [], {quietSince: again.quietSince, nowMs: 60_000});
    expect(quiet.clear).toEqual([]);
    expect(changeAlarms([alarm], [], {quietSince: quiet.quietSince, nowMs: 119_999}).clear).toEqual([]);
    expect(changeAlarms([alarm], [], {quietSince: quiet.quietSince, nowMs: 120_000}).clear).toEqual(['a']);
  });

  test('that comes and goes is cleared later each time, until it has stayed away', () => {
    const minute = 60_000;
    expect(quietAfter(undefined, 0)).toBe(minute);
    expect(quietAfter({atMs: 0, quietMs: minute}, 5 * minute)).toBe(2 * minute);
    expect(quietAfter({atMs: 0, quietMs: 20 * minute}, 5 * minute)).toBe(30 * minute);
    expect(quietAfter({atMs: 0, quietMs: 20 * minute}, 31 * minute)).toBe(minute);
    const gone = {quietSince: new Map([['a', 0]]), quietMs: new Map([['a', 2 * minute]])};
    expect(changeAlarms([alarm], [], {...gone, nowMs: 2 * minute - 1}).clear).toEqual([]);
    expect(changeAlarms([alarm], [], {...gone, nowMs: 2 * minute}).clear).toEqual(['a']);
  });
});
