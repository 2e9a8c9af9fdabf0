import { queryOptions, useQuery } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import { asTrack } from '@/player/track';

/** Songs that everybody can hear at once. */
export const poolRow = (genre?: string) => queryOptions({
  queryKey: ['home', 'pool', genre ?? ''],
  queryFn: async () => (await body(api.GET('/api/community/pool', { params: { query: { sort: 'popular', limit: 12, ...(genre && { genre }) } } }))).items?.map(asTrack) ?? [],
});

export const usePoolRow = (genre?: string) => useQuery(poolRow(genre));
