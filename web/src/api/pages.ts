import { infiniteQueryOptions, useInfiniteQuery, type QueryKey } from '@tanstack/react-query';
import { useCallback } from 'react';
import { queryClient } from './query';

interface Page<T> { items: T[]; nextCursor: string | null }
interface Options<T> {
  enabled?: boolean;
  staleTime?: number;
  /** Asks again each second while this holds of what is loaded. */
  refetchWhile?: (items: T[]) => boolean;
}

type FetchPage<T> = (cursor: string | undefined) => Promise<Page<T>>;

const list = <T>(queryKey: QueryKey, fetchPage: FetchPage<T>) => infiniteQueryOptions({
  queryKey,
  queryFn: ({ pageParam }) => fetchPage(pageParam),
  initialPageParam: undefined as string | undefined,
  getNextPageParam: last => last.nextCursor ?? undefined,
});

/** Asks for the first page before the list is drawn. */
export const prefetchPages = <T>(queryKey: QueryKey, fetchPage: FetchPage<T>) => queryClient.prefetchInfiniteQuery(list(queryKey, fetchPage));

/** A list by keyset pages: `items` of all pages so far, and `more` for the next one (does nothing at the end or while one is on its way). */
export function usePages<T>(queryKey: QueryKey, fetchPage: FetchPage<T>, { refetchWhile, ...options }: Options<T> = {}) {
  const query = useInfiniteQuery({
    ...list(queryKey, fetchPage),
    refetchInterval: ({ state }) => (refetchWhile && state.data && refetchWhile(state.data.pages.flatMap(page => page.items)) ? 1000 : false),
    ...options,
  });
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);
  return { ...query, items: query.data?.pages.flatMap(page => page.items) ?? [], more };
}
