import { describe, expect, it } from 'vitest';
import { applyEvent, moved, type Item, type Whole } from './live';

const item = (id: string, rank: number, votes = 0) => ({ id, rank, votes, voted: false, position: 0, version: 1 }) as Item;
const whole = (order: 'manual' | 'votes', ...items: Item[]) => ({ collection: { id: 'c', order }, items }) as unknown as Whole;
const ids = (of: Whole | null | undefined) => of?.items.map(one => one.id);

describe('a collection that others change, too', () => {
  it('puts an item where its rank says', () =>
    expect(ids(applyEvent(whole('manual', item('a', 1), item('b', 2)), { event: 'item-moved', data: item('b', 0) }))).toEqual(['b', 'a']));
  it('keeps the moves of two editors who moved different items, in whatever order they are told', () => {
    const start = whole('manual', item('a', 1), item('b', 2), item('c', 3));
    const events = [{ event: 'item-moved', data: item('c', 0) }, { event: 'item-moved', data: item('a', 9) }];
    const told = (order: typeof events) => ids(order.reduce((now, event) => applyEvent(now, event)!, start));
    expect(told(events)).toEqual(['c', 'b', 'a']);
    expect(told(events.toReversed())).toEqual(['c', 'b', 'a']);
  });
  it('is ordered by votes first where votes order it', () =>
    expect(ids(applyEvent(whole('votes', item('a', 1), item('b', 2)), { event: 'item-voted', data: item('b', 2, 3) }))).toEqual(['b', 'a']));
  it('says the same when told twice', () => {
    const event = { event: 'item-added', data: item('b', 2) };
    const once = applyEvent(whole('manual', item('a', 1)), event)!;
    expect(applyEvent(once, event)).toEqual(once);
  });
  it('is looked at again when a snapshot names an unknown item, and is gone when it is', () => {
    expect(applyEvent(whole('manual'), { event: 'snapshot', data: { collection: { order: 'manual' }, items: [{ id: 'x', rank: 1, votes: 0, voted: false }] } })).toBeUndefined();
    expect(applyEvent(whole('manual'), { event: 'gone', data: { id: 'c' } })).toBeNull();
  });
});

describe('a move', () => {
  const list = [item('a', 1), item('b', 2), item('c', 3)];
  it.each([['a', 2, 'bca'], ['c', 0, 'cab'], ['b', 99, 'acb'], ['x', 0, 'abc']])('of %s to %i', (id, to, wanted) =>
    expect(moved(list, id, to).map(one => one.id).join('')).toBe(wanted));
});
