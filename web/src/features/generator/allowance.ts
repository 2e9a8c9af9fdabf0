import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { api, body, type Schemas } from '@/api/client';
import { useSession } from '@/api/session';
import { clock, dateTime } from '@/texts/format';

export type Limits = Schemas['Limits'];

export function useLimits() {
  const isMember = useSession(state => state.status === 'member');
  return useQuery({ queryKey: ['limits'], queryFn: () => body(api.GET('/api/tiers/limits')), enabled: isMember, refetchOnWindowFocus: true });
}

/** The reset as a member says it: an hour when it is within a day, else a date. */
export const resetText = (at: string, now = Date.now()) => (new Date(at).getTime() - now < 24 * 3600_000 ? clock(at) : dateTime(at, { day: 'numeric', month: 'long' }));

/** "1 of 3 left, resets 18:00". */
export function useAllowanceText() {
  const { t } = useTranslation('generator');
  return (limits: Limits, units = 1) => (limits.remaining === null || limits.remaining === undefined
    ? t('cost.unlimited')
    : limits.remaining < units ? t('cost.none', { count: units, remaining: limits.remaining, reset: limits.resetAt ? resetText(limits.resetAt) : '' })
    : t('cost.left', { count: units, remaining: limits.remaining, limit: limits.limit, reset: limits.resetAt ? resetText(limits.resetAt) : '' }));
}
