import { useInfiniteQuery, type QueryKey } from '@tanstack/react-query';
import { useCallback } from 'react';

interface Page<T> { items: T[]; nextCursor: string | null }
interface Options<T> {
  enabled?: boolean;
  staleTime?: number;
  /** Asks again each second while this holds of what is loaded. */
  refetchWhile?: (items: T[]) => boolean;
}

/** A list by keyset pages: `items` of all pages so far, and `more` for the next one (does nothing at the end or while one is on its way). */
export function usePages<T>(queryKey: QueryKey, fetchPage: (cursor: string | undefined) => Promise<Page<T>>, { refetchWhile, ...options }: Options<T> = {}) {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => fetchPage(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: last => last.nextCursor ?? undefined,
    refetchInterval: ({ state }) => (refetchWhile && state.data && refetchWhile(state.data.pages.flatMap(page => page.items)) ? 1000 : false),
    ...options,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return { ...query, items: query.data?.pages.flatMap(page => page.items) ?? [], more };
}
