import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Gift } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, idempotent } from '@/api/client';
import { ApiError } from '@/api/problem';
import { useSession } from '@/api/session';
import { play } from '@/player/player';
import { asTrack } from '@/player/track';
import { clock, dateTime } from '@/texts/format';
import { Button, ButtonLink, ErrorState, toast } from '@/ui';

/** The pool picks the track: the button says so, and how many claims the day has left. Members of paid tiers and ALVAE contribute instead. */
export function ClaimButton({ genre }: { genre?: string }) {
  const { t } = useTranslation('pool');
  const { status, me } = useSession();
  const client = useQueryClient();
  // One key for one wish: a retry after a lost answer gives the same track.
  const key = useRef(crypto.randomUUID());
  const share = useQuery({ queryKey: ['pool', 'me'], queryFn: () => body(api.GET('/api/community/me')), enabled: status === 'member' });
  const claim = useMutation({
    mutationFn: () => body(api.POST('/api/community/pool/claim', { body: { genre: genre ?? null }, headers: idempotent(key.current) })),
    onSuccess: track => {
      toast(t('claim.done', { title: track.title }), { action: { label: t('claim.play'), run: () => play([asTrack(track)]) }, seconds: 12 });
      void client.invalidateQueries({ queryKey: ['pool'] });
      void client.invalidateQueries({ queryKey: ['wall'] });
    },
    onSettled: (_, error) => {
      if (!error || error instanceof ApiError) key.current = crypto.randomUUID();
    },
  });

  if (status !== 'member') return <ButtonLink to="/login?to=/pool" look="primary" icon={Gift}>{t('claim.signIn')}</ButtonLink>;
  if (me && (me.tier !== 'FREE' || me.alvae)) return <ButtonLink to="/library" look="primary" icon={Gift}>{t('claim.contribute')}</ButtonLink>;
  const left = claim.data?.claimsRemaining ?? share.data?.claims.remaining;
  const resetAt = claim.data?.resetAt ?? share.data?.claims.resetAt;
  const empty = claim.error instanceof ApiError && claim.error.slug === 'pool-empty' ? claim.error : null;
  const nextAt = empty?.problem.nextExpectedAt as string | undefined;
  return (
    <div className="flex flex-col items-start gap-1.5">
      <Button look="primary" icon={Gift} busy={claim.isPending} disabled={left === 0} onClick={() => claim.mutate()}>{t(genre ? 'claim.surpriseGenre' : 'claim.surprise', { genre })}</Button>
      {left !== undefined && <p className="text-xs text-muted">{left > 0 ? t('claim.left', { count: left }) : t('claim.spent', { time: resetAt ? clock(resetAt) : '' })}</p>}
      {empty && <p role="alert" className="max-w-sm text-sm">{nextAt ? t('claim.empty', { time: dateTime(nextAt) }) : t('claim.emptyUnknown')}</p>}
      {claim.error && !empty && <ErrorState inline error={claim.error} />}
    </div>
  );
}
