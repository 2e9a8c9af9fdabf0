import { describe, expect, it } from 'vitest';
import { all, nothing, toggle, within } from './selection';

const order = ['a', 'b', 'c', 'd', 'e'];
const ids = (selection: { ids: ReadonlySet<string> }) => [...selection.ids].sort();

describe('the selection', () => {
  it('takes one in and lets it go', () => {
    const one = toggle(nothing, 'b');
    expect(ids(one)).toEqual(['b']);
    expect(ids(toggle(one, 'b'))).toEqual([]);
  });
  it('reaches with Shift from the last one touched, downwards', () => expect(ids(toggle(toggle(nothing, 'b'), 'd', order, true))).toEqual(['b', 'c', 'd']));
  it('reaches upwards as well', () => expect(ids(toggle(toggle(nothing, 'd'), 'b', order, true))).toEqual(['b', 'c', 'd']));
  it('lets a reach go as well', () => expect(ids(toggle({ ids: new Set(order), anchor: 'b' }, 'd', order, true))).toEqual(['a', 'e']));
  it('takes only the one when the anchor is gone from the list', () => expect(ids(toggle({ ids: new Set(), anchor: 'x' }, 'd', order, true))).toEqual(['d']));
  it('acts only on what the list still shows, in its order', () => expect(within(all(['e', 'x', 'a']), order)).toEqual(['a', 'e']));
});
