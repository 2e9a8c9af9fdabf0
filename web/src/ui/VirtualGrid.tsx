import { memo, startTransition, useDeferredValue, useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import { arrow, layoutOf, visibleRows } from './gridMath';

interface Props<T> {
  /** What the grid is, for screen readers. */
  label: string;
  items: T[];
  keyOf: (item: T) => string;
  render: (item: T, index: number) => ReactNode;
  /** Of all items, also those not loaded yet; without it the number loaded. */
  total?: number;
  minColumn?: number;
  /** At most so many columns; 1 makes it a list. */
  most?: number;
  gap?: number;
  /** Height of a row before one was measured. */
  rowHeight?: number;
  /** Called when the end comes near: fetchNextPage. */
  onEnd?: () => void;
}

const focusable = 'a[href],button,input,select,[tabindex]';
/** Heights measured before: on Back the page has its full height at once, and the scroll position is restored exactly. */
const measured = new Map<string, number>();

/** What a grid will most likely be given: with it the cards are drawn with their page, not in one long piece after it. */
function likelyWidth() {
  const page = document.querySelector('.page');
  if (!page) return 0;
  const { paddingLeft, paddingRight } = getComputedStyle(page);
  return page.clientWidth - parseFloat(paddingLeft) - parseFloat(paddingRight);
}

/** Scrolling on draws the cards that come, not those that stay. */
const Cell = memo(function Cell<T>({ item, index, render }: { item: T; index: number; render: (item: T, index: number) => ReactNode }) {
  return render(item, index);
}) as <T>(props: { item: T; index: number; render: (item: T, index: number) => ReactNode }) => ReactNode;

/** A grid that scrolls with the page and draws only what is near the screen. One tab stop; arrows, Home and End move inside it. */
export function VirtualGrid<T>({ label, items: given, keyOf, render: draw, total, minColumn = 192, most, gap = 16, rowHeight = 320, onEnd }: Props<T>) {
  // A page that arrives while somebody scrolls is drawn between the frames.
  const [items, render] = [useDeferredValue(given), useDeferredValue(draw)];
  const root = useRef<HTMLUListElement>(null);
  const [width, setWidth] = useState(likelyWidth);
  const { columns, cell } = layoutOf(width, minColumn, gap, most);
  const memory = `${label}|${Math.round(cell)}`;
  const [height, setHeight] = useState(rowHeight);
  const row = (measured.get(memory) ?? height) + gap;
  const rows = Math.ceil(items.length / columns);
  const [range, setRange] = useState<[number, number]>([0, 6]);
  const [active, setActive] = useState(0);
  const focusWanted = useRef(false);
  /** Cards whose height was looked at, at this width. */
  const known = useRef(new WeakSet<Element>());

  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => {
      known.current = new WeakSet();
      setWidth(root.current?.clientWidth ?? 0);
    });
    setWidth(root.current!.clientWidth);
    observer.observe(root.current!);
    return () => observer.disconnect();
  }, []);

  useLayoutEffect(() => {
    let frame = 0;
    const look = () => {
      frame = 0;
      const top = root.current!.getBoundingClientRect().top;
      const seen = visibleRows(-top, innerHeight, row, rows);
      setRange(old => (old[0] === seen[0] && old[1] === seen[1] ? old : seen));
    };
    // Half a screen is drawn ahead: the next rows may come in slices between the frames.
    const soon = () => { frame ||= requestAnimationFrame(() => startTransition(look)); };
    look();
    addEventListener('scroll', soon, { passive: true });
    addEventListener('resize', soon);
    return () => {
      cancelAnimationFrame(frame);
      removeEventListener('scroll', soon);
      removeEventListener('resize', soon);
    };
  }, [row, rows]);

  // By what has come, drawn or not: the next page is wanted once.
  const come = Math.ceil(given.length / columns);
  useEffect(() => {
    if (come > 0 && range[1] >= come - 2) onEnd?.();
  }, [range, come, onEnd]);

  // Only the active card's controls can be tabbed to; the tallest card tells the height of all.
  useLayoutEffect(() => {
    const list = root.current!;
    if (width) {
      const tallest = Math.max(0, ...[...list.children].filter(item => !known.current.has(item)).map(item => {
        known.current.add(item);
        return item.firstElementChild?.getBoundingClientRect().height ?? 0;
      }));
      if (tallest > (measured.get(memory) ?? 0) + 1) {
        measured.set(memory, tallest);
        setHeight(tallest);
      }
    }
    for (const item of list.children) {
      const on = item.getAttribute('data-index') === String(active);
      for (const control of item.querySelectorAll<HTMLElement>(focusable)) if (control.tabIndex !== (on ? 0 : -1)) control.tabIndex = on ? 0 : -1;
    }
    if (focusWanted.current) {
      const target = list.querySelector<HTMLElement>(`[data-index="${active}"]`);
      if (target) {
        focusWanted.current = false;
        target.focus({ preventScroll: true });
        target.scrollIntoView({ block: 'nearest' });
      }
    }
  });

  function onKeyDown(event: KeyboardEvent) {
    const target = event.target as HTMLElement;
    if (target.closest('input,textarea,select,[role=menu],[role=slider]') || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const to = arrow(event.key, active, columns, items.length);
    if (to !== null) {
      event.preventDefault();
      // The player's own arrows must not hear this one.
      event.stopPropagation();
      focusWanted.current = true;
      setActive(to);
      bringIntoView(to);
    } else if (event.key === 'Enter' && target.hasAttribute('data-index')) {
      target.querySelector<HTMLElement>('button,a[href]')?.click();
    }
  }

  function bringIntoView(index: number) {
    const top = root.current!.getBoundingClientRect().top + scrollY + Math.floor(index / columns) * row;
    if (top < scrollY + 72) scrollTo({ top: top - 72 });
    else if (top + row > scrollY + innerHeight - 160) scrollTo({ top: top + row - innerHeight + 160 });
  }

  const from = range[0] * columns;
  const stop = Math.max(active, Math.min(items.length, range[1] * columns));
  const shown = items.slice(from, Math.min(items.length, range[1] * columns));
  const tab = active >= from && active < stop ? active : from;
  return (
    <ul ref={root} aria-label={label} onKeyDown={onKeyDown} className="relative w-full" style={{ height: Math.max(0, rows * row - gap) }}>
      {width > 0 && shown.map((item, offset) => {
        const index = from + offset;
        return (
          <li
            key={keyOf(item)} data-index={index} tabIndex={index === tab ? 0 : -1} aria-posinset={index + 1} aria-setsize={total ?? items.length}
            onFocus={() => setActive(index)} className="absolute rounded-2xl"
            style={{ width: cell, transform: `translate(${(index % columns) * (cell + gap)}px, ${Math.floor(index / columns) * row}px)` }}
          >
            <Cell item={item} index={index} render={render} />
          </li>
        );
      })}
    </ul>
  );
}
