/** How many columns of at least `min` fit, and how wide each becomes. */
export function layoutOf(width: number, min: number, gap: number, most = Infinity) {
  // Two columns on the smallest phones: covers of half a screen, not of a whole one.
  const columns = Math.min(most, Math.max(width >= 288 ? 2 : 1, Math.floor((width + gap) / (min + gap))));
  return { columns, cell: (width - gap * (columns - 1)) / columns };
}

/** The rows [from, to) near a screen that starts `scrolled` pixels below the grid's top, with half a screen on each side. */
export function visibleRows(scrolled: number, screen: number, row: number, rows: number): [number, number] {
  const from = Math.max(0, Math.floor((scrolled - screen / 2) / row));
  const to = Math.min(rows, Math.ceil((scrolled + screen * 1.5) / row));
  return [Math.min(from, Math.max(0, rows - 1)), Math.max(to, 0)];
}

/** Where an arrow, Home or End leads; null when the key is none of the grid's. */
export function arrow(key: string, at: number, columns: number, count: number): number | null {
  const steps: Record<string, number> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
  if (key === 'Home') return 0;
  if (key === 'End') return Math.max(0, count - 1);
  const step = steps[key];
  if (step === undefined) return null;
  const to = at + step;
  return to < 0 || to >= count ? at : to;
}
