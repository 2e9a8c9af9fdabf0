import { useCallback } from 'react';
import { useSearchParams } from 'react-router';

/** What a page is filtered by stands in its address. An empty value takes a filter away; the page stays where it is scrolled to. */
export function useFilters() {
  const [params, setParams] = useSearchParams();
  const set = useCallback((changes: Record<string, string>) => setParams(old => {
    const next = new URLSearchParams(old);
    for (const [name, value] of Object.entries(changes)) if (value) next.set(name, value); else next.delete(name);
    return next;
  }, { replace: true, preventScrollReset: true }), [setParams]);
  return { params, set, setParams };
}
