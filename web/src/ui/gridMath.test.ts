import { describe, expect, it } from 'vitest';
import { arrow, layoutOf, visibleRows } from './gridMath';

describe('the grid', () => {
  it('fills its width with as many columns as fit', () => expect(layoutOf(1000, 192, 16)).toEqual({ columns: 4, cell: 238 }));
  it('has two columns on a small phone', () => expect(layoutOf(288, 192, 16).columns).toBe(2));
  it('draws half a screen more on each side', () => expect(visibleRows(10_000, 800, 100, 1000)).toEqual([96, 112]));
  it('draws no row that is not there', () => expect(visibleRows(0, 800, 100, 3)).toEqual([0, 3]));
  it.each([['ArrowRight', 5, 6], ['ArrowLeft', 0, 0], ['ArrowDown', 5, 9], ['ArrowUp', 2, 2], ['Home', 7, 0], ['End', 7, 9]])('%s leads from %i to %i', (key, from, to) =>
    expect(arrow(key, from, 4, 10)).toBe(to));
  it('leaves other keys alone', () => expect(arrow('k', 1, 4, 10)).toBeNull());
});
