import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Check, Swords, Vote } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import { api, body, idempotent, type Schemas } from '@/api/client';
import { usePages } from '@/api/pages';
import { ApiError } from '@/api/problem';
import { useSession } from '@/api/session';
import { asTrack, type Track } from '@/player/track';
import { NotFound } from '@/shell/NotFound';
import { Badge, Button, ButtonLink, cardGrid, CardSkeleton, Dialog, EmptyState, ErrorState, Select, Skeleton, toast, TrackCard, usePageTitle, useProblemText } from '@/ui';
import { Deadline, StatusBadge } from './Challenges';

type Challenge = Schemas['ChallengeView'];

export default function ChallengePage() {
  const { t } = useTranslation('challenges');
  const { id = '' } = useParams();
  const status = useSession(state => state.status);
  const challenge = useQuery({ queryKey: ['challenge', id], queryFn: () => body(api.GET('/api/challenges/{id}', { params: { path: { id } } })), enabled: status !== 'unknown' });
  usePageTitle(challenge.data?.title ?? t('challenges.title'));
  if (challenge.isPending) return <div className="page flex flex-col gap-5" aria-busy><Skeleton className="h-48" /><Skeleton className="h-80" /></div>;
  if (challenge.isError) return challenge.error instanceof ApiError && [400, 404].includes(challenge.error.status) ? <NotFound /> : <div className="page"><ErrorState error={challenge.error} onRetry={() => void challenge.refetch()} /></div>;
  const it = challenge.data;
  return (
    <div className="page flex flex-col gap-6">
      <header className="flex max-w-3xl flex-col gap-3">
        <div className="flex flex-wrap items-center gap-2"><StatusBadge challenge={it} /><Deadline challenge={it} /><span className="text-xs text-muted">{t('entries', { count: it.entries })}</span></div>
        <h1 className="text-3xl font-bold break-words sm:text-4xl">{it.title}</h1>
        <p className="break-words whitespace-pre-wrap text-muted">{it.description}</p>
        {it.cancelReason && <p role="alert" className="font-bold text-warn">{t('cancelled', { reason: it.cancelReason })}</p>}
        {it.status === 'closed' && <Winners winners={it.winners} />}
        {it.status === 'open' && (status === 'member' ? !it.myEntry && <Enter id={id} /> : <ButtonLink to={`/login?to=/challenges/${id}`} look="primary" className="self-start">{t('signIn')}</ButtonLink>)}
        {it.status === 'open' && it.myVote && <p className="text-sm text-muted">{t('changeVote')}</p>}
      </header>
      {it.status !== 'scheduled' && <Entries challenge={it} />}
    </div>
  );
}

function Winners({ winners }: { winners: Challenge['winners'] }) {
  const { t } = useTranslation('challenges');
  if (!winners.length) return <p className="font-bold">{t('noWinners')}</p>;
  return <p className="text-lg font-bold">{t('winners')}: {winners.map((one, index) => <span key={one.username}>{index > 0 && ', '}<Link to={`/u/${one.username}`} className="text-accent hover:underline">{one.displayName}</Link></span>)}</p>;
}

function Entries({ challenge }: { challenge: Challenge }) {
  const { t } = useTranslation('challenges');
  const client = useQueryClient();
  const problemText = useProblemText();
  const isMember = useSession(state => state.status === 'member');
  const entries = usePages(['challenge', challenge.id, 'entries'], cursor => body(api.GET('/api/challenges/{id}/entries', { params: { path: { id: challenge.id }, query: { limit: 30, cursor } } })));
  const vote = useMutation({
    mutationFn: (entryId: string) => body(api.PUT('/api/challenges/{id}/vote', { params: { path: { id: challenge.id } }, body: { entryId } })),
    onSuccess: now => client.setQueryData(['challenge', challenge.id], now),
    onError: error => toast(problemText(error).title),
  });
  if (entries.isPending) return <div className={cardGrid} aria-busy>{Array.from({ length: 6 }, (_, i) => <CardSkeleton key={i} />)}</div>;
  if (entries.isError) return <ErrorState error={entries.error} onRetry={() => void entries.refetch()} />;
  if (!entries.items.length) return <EmptyState icon={Swords} text={t('noEntries')} />;
  const list = entries.items.flatMap(entry => (entry.track ? [asTrack(entry.track)] : []));
  return (
    <>
      <ul className={cardGrid}>
        {entries.items.map(entry => (
          <li key={entry.id}>
            <Entry entry={entry} list={list} voted={entry.id === challenge.myVote} onVote={isMember && challenge.status === 'open' && !entry.mine ? () => vote.mutate(entry.id) : undefined} busy={vote.isPending} />
          </li>
        ))}
      </ul>
      {entries.hasNextPage && <Button className="self-center" busy={entries.isFetchingNextPage} onClick={entries.more}>{t('more')}</Button>}
    </>
  );
}

function Entry({ entry, list, voted, onVote, busy }: { entry: Schemas['EntryView']; list: Track[]; voted: boolean; onVote?: () => void; busy: boolean }) {
  const { t } = useTranslation('challenges');
  if (!entry.track) return <div className="card grid h-full min-h-40 place-items-center p-4 text-center text-sm text-muted">{t('gone')}</div>;
  const track = asTrack(entry.track);
  return (
    <TrackCard
      track={track} list={list}
      badges={<>{entry.place !== null && <Badge tone={entry.place === 1 ? 'gold' : 'plain'}>{t('place', { place: entry.place })}</Badge>}{entry.mine && <Badge tone="cyan">{t('yours')}</Badge>}</>}
      footer={entry.votes !== null
        ? <p className="text-xs text-muted">{t('votes', { count: entry.votes })}</p>
        : voted ? <p className="flex min-h-11 items-center gap-2 text-sm font-bold text-cyan"><Check aria-hidden className="size-4" />{t('voted')}</p>
          : onVote ? <Button icon={Vote} busy={busy} aria-label={t('voteFor', { title: track.title })} onClick={onVote}>{t('vote')}</Button> : <span />}
    />
  );
}

/** One of the member's public songs. */
function Enter({ id }: { id: string }) {
  const { t } = useTranslation('challenges');
  const client = useQueryClient();
  const username = useSession(state => state.me)!.username;
  const [open, setOpen] = useState(false);
  const [key] = useState(() => crypto.randomUUID());
  const own = useQuery({ queryKey: ['wall', username, 'public'], queryFn: () => body(api.GET('/api/profiles/{username}/wall', { params: { path: { username }, query: { view: 'all', limit: 100 } } })), enabled: open });
  const enter = useMutation({
    mutationFn: (generationId: string) => body(api.POST('/api/challenges/{id}/entries', { params: { path: { id } }, body: { generationId }, headers: idempotent(key) })),
    onSuccess: () => {
      toast(t('entered'));
      setOpen(false);
      void client.invalidateQueries({ queryKey: ['challenge', id] });
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    enter.mutate(new FormData(event.currentTarget).get('track') as string);
  }
  const choices = own.data?.items.filter(card => card.mine && card.visibility === 'public') ?? [];
  return (
    <>
      <Button look="primary" icon={Swords} className="self-start" onClick={() => setOpen(true)}>{t('enter')}</Button>
      <Dialog open={open} onOpenChange={setOpen} title={t('enter')} description={t('enterHint')}>
        {own.isPending && <Skeleton className="h-20" />}
        {own.isError && <ErrorState inline error={own.error} onRetry={() => void own.refetch()} />}
        {own.isSuccess && !choices.length && <EmptyState text={t('noPublic')} action={<ButtonLink to="/library" look="primary">{t('common:nav.library')}</ButtonLink>} />}
        {choices.length > 0 && (
          <form onSubmit={submit} className="flex flex-col gap-4">
            <Select label={t('which')} name="track">{choices.map(card => <option key={card.id} value={card.id}>{card.title}</option>)}</Select>
            {enter.error && <ErrorState inline error={enter.error} />}
            <Button type="submit" look="primary" busy={enter.isPending}>{t('enter')}</Button>
          </form>
        )}
      </Dialog>
    </>
  );
}
