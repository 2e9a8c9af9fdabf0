import { Gift, Heart } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body, type Schemas } from '@/api/client';
import { usePages } from '@/api/pages';
import { dateTime, number } from '@/texts/format';
import { Badge, Button, ErrorState, Skeleton } from '@/ui';

/** What a place was counted from, track by track. */
export function RankedTracks({ userId, timeframe }: { userId: string; timeframe: string }) {
  const { t } = useTranslation('pool');
  const tracks = usePages(['pool', 'ranking', timeframe, 'tracks', userId], cursor => body(api.GET('/api/community/ranking/{userId}/tracks', { params: { path: { userId }, query: { timeframe, limit: 20, cursor } } })));
  if (tracks.isPending) return <Skeleton className="h-12" />;
  if (tracks.isError) return <ErrorState inline error={tracks.error} onRetry={() => void tracks.refetch()} />;
  return (
    <>
      <ul aria-label={t('ranking.traced')} className="flex flex-col divide-y divide-line">{tracks.items.map(track => <Row key={track.generationId} track={track} />)}</ul>
      {tracks.hasNextPage && <Button look="quiet" busy={tracks.isFetchingNextPage} onClick={tracks.more}>{t('ranking.more')}</Button>}
    </>
  );
}

function Row({ track }: { track: Schemas['RankedTrack'] }) {
  const { t } = useTranslation('pool');
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 py-1.5 text-sm">
      <Link to={`/t/${track.generationId}`} className="min-w-0 flex-1 basis-40 truncate font-semibold hover:underline">{track.title}</Link>
      <span className="text-xs text-muted">{dateTime(track.contributedAt, { dateStyle: 'medium' })}</span>
      <Badge tone="cyan">{t(`quality.${track.quality}`)}</Badge>
      {track.automatic && <Badge>{t('ranking.automatic')}</Badge>}
      {track.claimed && <Badge tone="good"><Gift aria-hidden className="size-3" />{t('ranking.taken')}</Badge>}
      <span className="inline-flex items-center gap-1 text-xs text-muted"><Heart aria-hidden className="size-3.5" /><span aria-label={t('common:likes', { count: track.likes })}>{number(track.likes)}</span></span>
      <span className="font-bold">{t('ranking.plus', { count: track.points, points: number(track.points) })}</span>
    </li>
  );
}
