import { QueryClient } from '@tanstack/react-query';
import { ApiError, OfflineError } from './problem';

/** Refusals are final; a lost answer is asked for once more, a 5xx twice. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      gcTime: 10 * 60_000,
      retry: (count, error) => (error instanceof OfflineError ? count < 1 : count < 2 && (!(error instanceof ApiError) || error.status >= 500)),
      networkMode: 'always',
    },
    mutations: { networkMode: 'always', retry: false },
  },
});
