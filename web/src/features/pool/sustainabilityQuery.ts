import { queryOptions } from '@tanstack/react-query';
import { api, body } from '@/api/client';

export const sustainability = queryOptions({ queryKey: ['pool', 'sustainability'], queryFn: () => body(api.GET('/api/community/sustainability')), staleTime: 60_000 });
