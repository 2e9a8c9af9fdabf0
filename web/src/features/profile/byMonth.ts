/** Groups what is sorted by time under the month of the reader's calendar, in the order given. */
export function byMonth<T extends { addedAt: string }>(items: T[]): [string, T[]][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const at = new Date(item.addedAt);
    const month = `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, '0')}`;
    groups.set(month, [...(groups.get(month) ?? []), item]);
  }
  return [...groups];
}
