import { expect, it } from 'vitest';
import { daysLeft } from './daysLeft';

const now = Date.parse('2026-11-26T12:00:00Z');
it.each([['2026-12-03T12:00:00Z', 7], ['2026-11-27T11:00:00Z', 1], ['2026-11-26T12:00:01Z', 1], ['2026-11-20T00:00:00Z', 0]])('counts a begun day: %s → %i', (at, days) => {
  expect(daysLeft(at, now)).toBe(days);
});
