import { useEffect, useRef } from 'react';

/** For a row of tabs or links that scrolls sideways: where it is too narrow, the one that is active is scrolled into it. */
export function useActiveInView<Row extends HTMLElement>(active: string) {
  const row = useRef<Row>(null);
  useEffect(() => {
    const list = row.current;
    const shown = list?.querySelector<HTMLElement>('[data-state=active], [aria-current=page]');
    // Not scrollIntoView, which also moves the page.
    if (list && shown) list.scrollLeft = shown.offsetLeft - list.offsetLeft - (list.clientWidth - shown.offsetWidth) / 2;
  }, [active]);
  return row;
}
