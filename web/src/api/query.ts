import { QueryClient } from '@tanstack/react-query';
import { ApiError } from './problem';

/** Refusals are final; a network fault or a 5xx is tried twice more. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      retry: (count, error) => count < 2 && (!(error instanceof ApiError) || error.status >= 500),
      networkMode: 'always',
    },
    mutations: { networkMode: 'always', retry: false },
  },
});
