/** What is selected of a list, and from where Shift reaches. */
export interface Selection { ids: ReadonlySet<string>; anchor: string | null }

export const nothing: Selection = { ids: new Set(), anchor: null };

/** One item on or off. With `reach`, everything from the last one touched to this one becomes as this one becomes. */
export function toggle({ ids, anchor }: Selection, id: string, order: string[] = [], reach = false): Selection {
  const on = !ids.has(id);
  const [from, to] = [order.indexOf(anchor ?? ''), order.indexOf(id)].sort((a, b) => a - b) as [number, number];
  const touched = reach && from >= 0 ? order.slice(from, to + 1) : [id];
  const next = new Set(ids);
  for (const one of touched) if (on) next.add(one); else next.delete(one);
  return { ids: next, anchor: id };
}

export const all = (order: string[]): Selection => ({ ids: new Set(order), anchor: null });

/** Only what the list still shows can be acted on. */
export const within = ({ ids }: Selection, order: string[]) => order.filter(id => ids.has(id));
