import { queryOptions } from '@tanstack/react-query';
import { api, body } from './client';

// What hardly changes, and several pages show.
export const genres = queryOptions({ queryKey: ['genres'], queryFn: () => body(api.GET('/api/genres')), staleTime: Infinity });
export const tiers = queryOptions({ queryKey: ['tiers'], queryFn: () => body(api.GET('/api/tiers')), staleTime: 3600_000 });
