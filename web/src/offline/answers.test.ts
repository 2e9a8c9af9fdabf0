import { describe, expect, it } from 'vitest';
import { isKept, shortened } from './answers';

describe('answers that are kept', () => {
  it.each([['wall', 'ana'], ['pool', 'list'], ['track', 'x'], ['genres']])('are those of songs and people: %s', (...key) => expect(isKept(key)).toBe(true));
  it.each([['limits'], ['billing', 'invoices'], ['pool', 'me'], ['tiers'], ['ops', 'overview'], ['media', 'x']])('are never money, quota or signed addresses: %s', (...key) => expect(isKept(key)).toBe(false));
  it('begin a long list and keep everything else whole', () => {
    expect(shortened({ pages: [1, 2, 3, 4, 5], pageParams: [1, 2, 3, 4, 5] })).toEqual({ pages: [1, 2, 3], pageParams: [1, 2, 3] });
    expect(shortened({ items: [1, 2, 3, 4, 5] })).toEqual({ items: [1, 2, 3, 4, 5] });
    expect(shortened(null)).toBeNull();
  });
});
