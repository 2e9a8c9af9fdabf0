import { expect, it } from 'vitest';
import { byMonth } from './byMonth';

it('keeps the order, and opens a group where a month begins', () => {
  const at = (addedAt: string) => ({ addedAt });
  const groups = byMonth([at('2026-11-20T12:00:00Z'), at('2026-11-02T12:00:00Z'), at('2026-09-10T12:00:00Z')]);
  expect(groups.map(([month, items]) => [month, items.length])).toEqual([['2026-11', 2], ['2026-09', 1]]);
});

it('takes a pinned old one into its own month', () => {
  const groups = byMonth([{ addedAt: '2026-01-10T12:00:00Z' }, { addedAt: '2026-11-10T12:00:00Z' }, { addedAt: '2026-01-09T12:00:00Z' }]);
  expect(groups.map(([month, items]) => [month, items.length])).toEqual([['2026-01', 2], ['2026-11', 1]]);
});
