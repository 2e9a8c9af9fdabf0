import { useMutation, useQuery } from '@tanstack/react-query';
import { ArrowLeftRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api, body, type Schemas } from '@/api/client';
import { useSession } from '@/api/session';
import { compare, usePlayer } from '@/player/player';
import { currentEntry } from '@/player/queue';
import { trackOf, type Track } from '@/player/track';
import { Badge, Button, EmptyState, ErrorState, RelativeTime, Skeleton, toast, useProblemText } from '@/ui';

/** What this song came from and what came of it; each can be heard against it at the same second. */
export default function Lineage({ id, track }: { id: string; track: Track }) {
  const { t } = useTranslation('track');
  const lineage = useQuery({ queryKey: ['lineage', id], queryFn: () => body(api.GET('/api/generations/{id}/lineage', { params: { path: { id } } })) });
  if (lineage.isPending) return <Skeleton className="h-40" />;
  if (lineage.isError) return <ErrorState error={lineage.error} onRetry={() => void lineage.refetch()} />;
  const ancestors = lineage.data.ancestors ?? [];
  const derivatives = lineage.data.derivatives?.items ?? [];
  if (!ancestors.length && !derivatives.length) return <EmptyState text={t('versions.none')} />;
  return (
    <div className="flex flex-col gap-5">
      <Row title={t('versions.from')} items={ancestors} track={track} />
      <Row title={t('versions.to')} items={derivatives} track={track} />
    </div>
  );
}

function Row({ title, items, track }: { title: string; items: Schemas['Relative'][]; track: Track }) {
  const { t } = useTranslation('track');
  if (!items.length) return null;
  return (
    <div>
      <h2 className="mb-2 text-sm font-bold text-muted">{title}</h2>
      <ul className="flex flex-col gap-2">
        {items.map(item => (
          <li key={item.id} className="card flex flex-wrap items-center gap-3 p-3">
            <div className="min-w-0 flex-1">
              <Link to={`/t/${item.id}`} className="block truncate font-bold hover:underline">{item.title}</Link>
              <p className="flex items-center gap-2 text-xs text-muted"><Badge>{t(`kind.${item.kind ?? 'original'}`)}</Badge><RelativeTime at={item.createdAt!} /></p>
            </div>
            {item.status === 'completed' && <Against track={track} other={item} />}
          </li>
        ))}
      </ul>
    </div>
  );
}

function Against({ track, other }: { track: Track; other: Schemas['Relative'] }) {
  const { t } = useTranslation('track');
  const problemText = useProblemText();
  const me = useSession(state => state.me);
  const hearsOther = usePlayer(state => currentEntry(state.queue)?.track.id === other.id);
  const change = useMutation({
    mutationFn: async () => {
      if (hearsOther) return compare(track);
      const generation = await body(api.GET('/api/generations/{id}', { params: { path: { id: other.id! } } }));
      return compare(trackOf(generation, track.artist, generation.userId === me?.id));
    },
    onError: error => toast(problemText(error).title),
  });
  return <Button icon={ArrowLeftRight} aria-pressed={hearsOther} busy={change.isPending} onClick={() => change.mutate()}>{t(hearsOther ? 'versions.back' : 'versions.compare')}</Button>;
}
