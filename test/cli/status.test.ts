import {expect, test} from 'vitest';
import {asData, describeState} from '../../src/cli/commands/inspect/status.ts';
import type {Reading} from '../../src/domain/reading/reading.ts';
import {readingsAt} from '../ui/fixtures/acme-readings.ts';
import {LOADING_STATE, NOW} from '../ui/fixtures/acme-run.ts';

const at = new Date(NOW).toISOString();
const runway = {minutes: 90, soonest: 60, latest: null, bytesPerSecond: 7, freeBytes: 9};
const READINGS: readonly Reading[] = [
  {at: '2026-11-24T04:00:00.000Z', probe: 'wal', server: 'source', walBytes: 1, why: null},
  {at, probe: 'wal', server: 'source', walBytes: 2, why: null},
  {at, probe: 'failed', of: 'slots', message: 'no route'},
  {at, probe: 'runway', server: 'source', runway, why: ''},
  {at, probe: 'alarms', seen: {}},
];

test('status --json has the newest reading of each probe, the forecasts and what to do next beside the state', () => {
  const data: unknown = JSON.parse(JSON.stringify(asData(LOADING_STATE, READINGS)));
  expect(data).toMatchObject({
    run: 'acme-prod',
    status: 'running',
    readings: {'wal:source': {walBytes: 2, at}, 'failed:slots': {message: 'no route'}},
    forecasts: {source: {at, runway: {minutes: 90, soonest: 60}}, replica: null, target: null, load: null},
    whatNow: [
      expect.stringContaining('Unit 05-users has failed'),
      expect.stringContaining('1 lane is paused'),
      expect.stringMatching(/^ALARM: slot dms_slot_01 holds 212 GB/),
    ],
  });
  expect(data).not.toHaveProperty(['readings', 'alarms']);
});

test('status says what to do before it lists the steps', () => {
  const lines = describeState(LOADING_STATE, {alive: true, readings: readingsAt(NOW)}, NOW);
  const now = lines.findIndex((line) => line.startsWith('what now: Unit 05-users has failed'));
  expect(now).toBeGreaterThan(0);
  expect(now).toBeLessThan(lines.findIndex((line) => line.includes('] preflight')));
  expect(lines).toContainEqual(expect.stringMatching(/^load: .* left at .*, ends in 72 min, at 2026-11-24 05:43 UTC$/));
  const unwatched = describeState(LOADING_STATE, {alive: false, readings: readingsAt(NOW)}, NOW);
  expect(unwatched.some((line) => line.startsWith('load: '))).toBe(false);
});

test('status says that somebody has asked for another number of lanes than longhaul.yaml has', () => {
  const asked = {...LOADING_STATE, lanes: 3, lanesAsked: {lanes: 3, instead: 6}};
  const lines = describeState(asked, {alive: true, readings: []}, NOW);
  expect(lines).toContain('  lanes: 3, as somebody has asked, in place of 6 of longhaul.yaml');
});
