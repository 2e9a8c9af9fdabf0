import type { Schemas } from '@/api/client';
import type { ServerEvent } from '@/streams/parse';

export type Item = Schemas['CollectionItemView'];
export type Collection = Schemas['CollectionView'];
export interface Whole { collection: Collection; items: Item[] }
interface Line { id: string; rank: number; votes: number; voted: boolean }

/** In the collection's own order. Ranks are numbers that a reader may compare, nothing else. */
export function inOrder(items: Item[], order: Collection['order']): Item[] {
  const sorted = items.toSorted((a, b) => (order === 'votes' ? b.votes - a.votes : 0) || a.rank - b.rank || (a.id < b.id ? -1 : 1));
  return sorted.map((item, position) => (item.position === position ? item : { ...item, position }));
}

/** What a move makes of the list before the service has answered. */
export function moved(items: Item[], id: string, to: number): Item[] {
  const item = items.find(one => one.id === id);
  if (!item) return items;
  const rest = items.filter(one => one.id !== id);
  return rest.toSpliced(Math.max(0, Math.min(rest.length, to)), 0, item).map((one, position) => ({ ...one, position }));
}

/** What an event of the stream makes of a collection. Null: it is gone. Undefined: it names what is not known here, look again. */
export function applyEvent(whole: Whole, { event, data }: ServerEvent): Whole | null | undefined {
  const { collection, items } = whole;
  if (event === 'gone') return null;
  if (event === 'updated') return { collection: data as Collection, items: inOrder(items, (data as Collection).order) };
  if (event === 'snapshot') {
    const told = data as { collection: Collection; items: Line[] };
    const known = new Map(items.map(item => [item.id, item]));
    if (told.items.some(line => !known.has(line.id))) return undefined;
    return { collection: told.collection, items: told.items.map((line, position) => ({ ...known.get(line.id)!, rank: line.rank, votes: line.votes, voted: line.voted, position })) };
  }
  if (event === 'item-removed') return { collection, items: inOrder(items.filter(item => item.id !== (data as { id: string }).id), collection.order) };
  const item = data as Item;
  // Two editors who change different items lose nothing: each event is of one of them.
  return event.startsWith('item-') ? { collection, items: inOrder([...items.filter(one => one.id !== item.id), item], collection.order) } : whole;
}
