import { Flag, FolderPlus, Heart, ListPlus, Pause, Play, Share2 } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams, useSearchParams } from 'react-router';
import { ApiError } from '@/api/problem';
import { useSession } from '@/api/session';
import { addLast, play, toggle, usePlayer } from '@/player/player';
import { currentEntry } from '@/player/queue';
import type { Track as Song } from '@/player/track';
import { askCollection, askReport } from '@/shell/asked';
import { NotFound } from '@/shell/NotFound';
import { dateTime, duration, number } from '@/texts/format';
import { Badge, Button, Cover, ErrorState, IconButton, Skeleton, Tabs, toast, usePageTitle, useProblemText } from '@/ui';
import { ended, type Generation } from '../generator/jobs';
import { Details } from './Details';
import { Downloads } from './Downloads';
import { Lyrics } from './Lyrics';
import { OwnerMenu } from './OwnerMenu';
import { Restoring } from './Restoring';
import { Rework } from './Rework';
import { useLike } from './useLike';
import { useTrack } from './useTrack';
import { WaveformSeek } from './WaveformSeek';

// What stands further down, or on another tab.
const Comments = lazy(() => import('./Comments'));
const InTheMaking = lazy(() => import('./InTheMaking'));
const Lineage = lazy(() => import('./Lineage'));
const Notation = lazy(() => import('./Notation'));

export default function Track() {
  const { t } = useTranslation('track');
  const { id = '' } = useParams();
  const { generation, card, mine, track } = useTrack(id);
  const isMember = useSession(state => state.status === 'member');
  usePageTitle(generation.data?.title ?? t('track.title'));
  if (generation.isPending) return <Waiting />;
  if (generation.isError) return generation.error instanceof ApiError && [404, 400].includes(generation.error.status) ? <NotFound /> : <div className="page"><ErrorState error={generation.error} onRetry={() => void generation.refetch()} /></div>;
  if (!track || !ended(generation.data.status!)) return <Suspense fallback={<Waiting />}><InTheMaking generation={generation.data} mine={mine} /></Suspense>;
  const file = (kind: string) => generation.data.files?.find(one => one.kind === kind)?.url;
  return (
    <div className="page flex flex-col gap-6">
      <Head generation={generation.data} track={track} mine={mine} contributed={card.data?.contributed ?? false} />
      {(generation.data.archived || generation.data.restoring !== null) && <Restoring id={id} percent={generation.data.restoring ?? null} />}
      <div className="card p-4"><WaveformSeek track={track} sections={generation.data.plan?.form ?? []} waveformUrl={file('waveform')} /></div>
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="flex min-w-0 flex-col gap-8">
          <Parts track={track} generation={generation.data} scoreUrl={file('score')} mine={mine} />
          <Suspense fallback={<div className="h-40" aria-busy />}><Comments id={id} /></Suspense>
        </div>
        <div className="flex min-w-0 flex-col gap-4">
          <Rework id={id} isMember={isMember} />
          <Downloads generation={generation.data} mine={mine} />
        </div>
      </div>
    </div>
  );
}

function Head({ generation, track, mine, contributed }: { generation: Generation; track: Song; mine: boolean; contributed: boolean }) {
  const { t } = useTranslation(['track', 'common']);
  const problemText = useProblemText();
  const playing = usePlayer(state => state.playing && currentEntry(state.queue)?.track.id === track.id);
  const current = usePlayer(state => currentEntry(state.queue)?.track.id === track.id);
  const like = useLike(track);
  const isMember = useSession(state => state.status === 'member');
  async function share() {
    const url = `${location.origin}/t/${track.id}`;
    if (navigator.share && matchMedia('(pointer: coarse)').matches) await navigator.share({ title: track.title, url }).catch(() => undefined);
    else {
      await navigator.clipboard.writeText(url);
      toast(t(generation.visibility === 'private' ? 'share.private' : 'share.copied'));
    }
  }
  return (
    <header className="flex flex-col gap-5 sm:flex-row sm:items-end">
      <Cover src={track.cover} palette={track.palette} sizes="(min-width: 640px) 14rem, 100vw" eager className="w-full max-w-56 shrink-0 rounded-2xl sm:w-56" />
      <div className="flex min-w-0 flex-1 flex-col gap-3">
        <div className="flex flex-wrap gap-2">
          <Badge>{t(`kind.${generation.kind ?? 'original'}`)}</Badge>
          {/* What lies in the pool can be heard by all, whatever its maker chose for it. */}
          {(mine || !contributed) && <Badge tone={generation.visibility === 'public' ? 'good' : 'plain'}>{t(`visibility.${generation.visibility ?? 'private'}`)}</Badge>}
          {contributed && <Badge tone="violet">{t('inPool')}</Badge>}
          {generation.quality !== 'standard' && <Badge tone="cyan">{t(`quality.${generation.quality}`)}</Badge>}
          {generation.hiddenAt && <Badge tone="danger">{t('hidden')}</Badge>}
        </div>
        <h1 className="text-3xl font-bold break-words sm:text-4xl">{track.title}</h1>
        <p className="flex flex-wrap gap-x-2 text-sm text-muted">
          {track.artist.displayName && <Link to={`/u/${track.artist.username}`} className="font-bold text-text hover:underline">{track.artist.displayName}</Link>}
          <span>{track.genre}</span>
          <span>{duration(track.durationSeconds ?? 0)}</span>
          <span>{dateTime(generation.createdAt!, { dateStyle: 'medium' })}</span>
          <span>{t('plays', { count: track.plays, number: number(track.plays) })}</span>
        </p>
        <div className="flex flex-wrap items-center gap-1">
          <Button look="primary" icon={playing ? Pause : Play} onClick={() => void (current ? toggle() : play([track]))} className="mr-1 min-h-12 px-7">{t(playing ? 'common:player.pause' : 'common:player.play')}</Button>
          {!mine && <IconButton icon={Heart} filled={track.liked} active={track.liked} disabled={like.isPending} label={t(track.liked ? 'common:player.unlike' : 'common:player.like')} onClick={() => like.mutate(!track.liked, { onError: error => toast(problemText(error).title) })} />}
          <span className="px-1 text-sm text-muted">{t('common:likes', { count: track.likes })}</span>
          <IconButton icon={ListPlus} label={t('addToQueue')} onClick={() => { addLast([track]); toast(t('added')); }} />
          {isMember && <IconButton icon={FolderPlus} label={t('common:collect')} onClick={() => askCollection([track])} />}
          <IconButton icon={Share2} label={t('share.label')} onClick={() => void share()} />
          {isMember && !mine && <IconButton icon={Flag} label={t('common:report')} onClick={() => askReport('track', track.id, track.title)} />}
          {mine && <OwnerMenu generation={generation} contributed={contributed} />}
        </div>
      </div>
    </header>
  );
}

function Parts({ track, generation, scoreUrl, mine }: { track: Song; generation: Generation; scoreUrl: string | undefined; mine: boolean }) {
  const { t } = useTranslation('track');
  const [params, setParams] = useSearchParams();
  const sung = generation.files?.some(file => file.kind === 'lyrics');
  const tabs = [
    ...(sung ? [{ value: 'lyrics', label: t('tab.lyrics'), content: <Lyrics track={track} /> }] : []),
    { value: 'details', label: t('tab.details'), content: <Details generation={generation} mine={mine} /> },
    ...(scoreUrl ? [{ value: 'score', label: t('tab.score'), content: <Suspense fallback={<Skeleton className="h-80" />}><Notation url={scoreUrl} /></Suspense> }] : []),
    { value: 'versions', label: t('tab.versions'), content: <Suspense fallback={<Skeleton className="h-40" />}><Lineage id={track.id} track={track} /></Suspense> },
  ];
  const asked = params.get('tab');
  const value = tabs.find(tab => tab.value === asked)?.value ?? tabs[0]!.value;
  return <Tabs label={t('tab.label')} tabs={tabs} value={value} onChange={next => setParams({ tab: next }, { replace: true, preventScrollReset: true })} />;
}

const Waiting = () => (
  <div className="page flex flex-col gap-6" aria-busy>
    <div className="flex flex-col gap-5 sm:flex-row sm:items-end"><Skeleton className="aspect-square w-full max-w-56 rounded-2xl sm:w-56" /><div className="flex flex-1 flex-col gap-3"><Skeleton className="h-10 w-2/3" /><Skeleton className="h-5 w-1/2" /><Skeleton className="h-12 w-40 rounded-full" /></div></div>
    <Skeleton className="h-44" />
    <Skeleton className="h-80" />
  </div>
);
