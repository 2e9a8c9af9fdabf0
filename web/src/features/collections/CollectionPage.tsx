import { ListMusic, Pause, Play, Share2 } from 'lucide-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api } from '@/api/client';
import { ApiError } from '@/api/problem';
import { useSession } from '@/api/session';
import { play, toggle, usePlayer } from '@/player/player';
import { currentEntry } from '@/player/queue';
import { asTrack } from '@/player/track';
import { NotFound } from '@/shell/NotFound';
import { number } from '@/texts/format';
import { Badge, Button, ButtonLink, EmptyState, ErrorState, IconButton, Skeleton, toast, usePageTitle } from '@/ui';
import { CollectionCover } from './CollectionCover';
import { CollectionMenu } from './CollectionMenu';
import { Items } from './Items';
import type { Whole } from './live';
import { useCollection } from './useCollection';

export default function CollectionPage() {
  const { t } = useTranslation('collections');
  const { id = '' } = useParams();
  const { whole, isMember, refresh, ...acts } = useCollection(id);
  usePageTitle(whole.data?.collection.title ?? t('collections.title'));
  if (whole.isPending) return <Waiting />;
  if (whole.isError) return whole.error instanceof ApiError && [400, 404].includes(whole.error.status) ? <NotFound /> : <div className="page"><ErrorState error={whole.error} onRetry={() => void whole.refetch()} /></div>;
  const { collection, items } = whole.data;
  return (
    <div className="page flex max-w-4xl flex-col gap-6">
      <Head whole={whole.data} onChanged={refresh} />
      {items.length === 0
        ? <EmptyState icon={ListMusic} text={t(collection.canEdit ? 'emptyOwn' : 'empty')} action={collection.canEdit ? <ButtonLink to="/library" look="primary">{t('common:nav.library')}</ButtonLink> : undefined} />
        : <Items whole={whole.data} canVote={isMember} {...acts} />}
    </div>
  );
}

function Head({ whole: { collection, items }, onChanged }: { whole: Whole; onChanged: () => Promise<unknown> }) {
  const { t } = useTranslation(['collections', 'common']);
  const me = useSession(state => state.me);
  const tracks = useMemo(() => items.flatMap(item => (item.track ? [asTrack(item.track)] : [])), [items]);
  const inQueue = usePlayer(state => tracks.some(track => track.id === currentEntry(state.queue)?.track.id));
  const playing = usePlayer(state => state.playing) && inQueue;
  function start() {
    if (inQueue) return void toggle();
    void play(tracks);
    // A play that could not be counted is not worth a word to the listener.
    api.POST('/api/collections/{id}/play', { params: { path: { id: collection.id } } }).catch((error: unknown) => console.info('Play not counted', error));
  }
  async function share() {
    const url = `${location.origin}/c/${collection.id}`;
    if (navigator.share && matchMedia('(pointer: coarse)').matches) return void (await navigator.share({ title: collection.title, url }).catch(() => undefined));
    await navigator.clipboard.writeText(url);
    toast(t(collection.visibility === 'private' ? 'sharedPrivate' : 'shared'));
  }
  return (
    <header className="flex flex-col gap-5 sm:flex-row sm:items-end">
      <CollectionCover covers={collection.covers} className="w-40 shrink-0 sm:w-48" />
      <div className="flex min-w-0 flex-1 flex-col gap-3">
        <div className="flex flex-wrap gap-2">
          <Badge tone={collection.visibility === 'public' ? 'good' : 'plain'}>{t(`visibility.${collection.visibility}`)}</Badge>
          <Badge>{t(`order.${collection.order}`)}</Badge>
        </div>
        <h1 className="text-3xl font-bold break-words sm:text-4xl">{collection.title}</h1>
        <p className="flex flex-wrap gap-x-2 text-sm text-muted">
          <Link to={`/u/${collection.owner.username}`} className="font-bold text-text hover:underline">{collection.owner.displayName}</Link>
          {collection.editors.map(editor => <Link key={editor.username} to={`/u/${editor.username}`} className="hover:underline">{editor.displayName}</Link>)}
          <span>{t('items', { count: collection.itemCount })}</span>
          <span>{t('plays', { count: collection.plays, number: number(collection.plays) })}</span>
        </p>
        <div className="flex flex-wrap items-center gap-2">
          <Button look="primary" icon={playing ? Pause : Play} disabled={!tracks.length} onClick={start}>{t(playing ? 'common:player.pause' : 'common:player.play')}</Button>
          <IconButton icon={Share2} label={t('share')} onClick={() => void share()} />
          {me && <CollectionMenu collection={collection} tracks={tracks} onChanged={onChanged} />}
        </div>
      </div>
    </header>
  );
}

const Waiting = () => (
  <div className="page flex max-w-4xl flex-col gap-6" aria-busy>
    <div className="flex flex-col gap-5 sm:flex-row sm:items-end"><Skeleton className="size-40 sm:size-48" /><div className="flex flex-1 flex-col gap-3"><Skeleton className="h-10 w-2/3" /><Skeleton className="h-5 w-1/2" /><Skeleton className="h-12 w-40 rounded-full" /></div></div>
    {Array.from({ length: 6 }, (_, i) => <Skeleton key={i} className="h-18" />)}
  </div>
);
