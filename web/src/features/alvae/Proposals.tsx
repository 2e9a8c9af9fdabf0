import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ThumbsDown, ThumbsUp } from 'lucide-react';
import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, idempotent, type Schemas } from '@/api/client';
import { usePages } from '@/api/pages';
import { dateTime, number } from '@/texts/format';
import { Badge, Button, Dialog, ErrorState, Field, Skeleton, TextArea } from '@/ui';

const tones = { open: 'cyan', accepted: 'good', rejected: 'plain', vetoed: 'danger' } as const;

export function Proposals({ founder }: { founder: boolean }) {
  const { t } = useTranslation('alvae');
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const proposals = usePages(['alvae', 'proposals'], cursor => body(api.GET('/api/alvae/proposals', { params: { query: { cursor } } })));
  const make = useMutation({
    mutationFn: (proposal: Schemas['ProposalRequest']) => body(api.POST('/api/alvae/proposals', { body: proposal, headers: idempotent() })),
    onSuccess: () => {
      form.current?.reset();
      void client.invalidateQueries({ queryKey: ['alvae', 'proposals'] });
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    make.mutate({ title: String(data.get('title')).trim(), text: String(data.get('text')).trim() });
  }
  return (
    <div className="flex flex-col gap-4">
      <details className="card p-4">
        <summary className="min-h-11 content-center font-bold">{t('propose')}</summary>
        <form ref={form} onSubmit={submit} className="mt-3 flex flex-col gap-3">
          <Field label={t('proposalTitle')} name="title" maxLength={120} required />
          <TextArea label={t('proposalText')} name="text" maxLength={4000} required />
          {make.error && <ErrorState inline error={make.error} />}
          <Button type="submit" look="primary" busy={make.isPending} className="self-start">{t('propose')}</Button>
        </form>
      </details>
      {proposals.isPending && <Skeleton className="h-32" />}
      {proposals.isError && <ErrorState error={proposals.error} onRetry={() => void proposals.refetch()} />}
      {proposals.isSuccess && proposals.items.length === 0 && <p className="text-muted">{t('noProposals')}</p>}
      <ul className="flex flex-col gap-3">{proposals.items.map(one => <Proposal key={one.id} proposal={one} founder={founder} />)}</ul>
      {proposals.hasNextPage && <Button className="self-center" onClick={proposals.more} busy={proposals.isFetchingNextPage}>{t('more')}</Button>}
    </div>
  );
}

function Proposal({ proposal, founder }: { proposal: Schemas['ProposalView']; founder: boolean }) {
  const { t } = useTranslation('alvae');
  const client = useQueryClient();
  const [vetoing, setVetoing] = useState(false);
  const onSuccess = () => client.invalidateQueries({ queryKey: ['alvae', 'proposals'] });
  const path = { params: { path: { id: proposal.id } } };
  const vote = useMutation({ mutationFn: (inFavour: boolean) => body(api.PUT('/api/alvae/proposals/{id}/vote', { ...path, body: { inFavour } })), onSuccess });
  const veto = useMutation({
    mutationFn: (reason: string) => body(api.PUT('/api/alvae/proposals/{id}/veto', { ...path, body: { reason } })),
    onSuccess: () => {
      setVetoing(false);
      void onSuccess();
    },
  });
  const open = proposal.status === 'open';
  return (
    <li className="card flex flex-col gap-3 p-5">
      <div className="flex flex-wrap items-start justify-between gap-2"><h3 className="font-bold break-words">{proposal.title}</h3><Badge tone={tones[proposal.status]}>{t(`status.${proposal.status}`)}</Badge></div>
      <p className="text-sm break-words whitespace-pre-line">{proposal.text}</p>
      <p className="text-xs text-muted">{t('by', { who: proposal.author.displayName })} · {t(open ? 'closes' : 'closed', { date: dateTime(proposal.closesAt) })}</p>
      {proposal.vetoReason && <p className="text-sm text-danger">{proposal.vetoReason}</p>}
      <div className="flex flex-wrap gap-2">
        <Button icon={ThumbsUp} aria-pressed={proposal.myVote === true} look={proposal.myVote === true ? 'primary' : 'secondary'} disabled={!open || vote.isPending} onClick={() => vote.mutate(true)}>{t('inFavour', { votes: number(proposal.inFavour) })}</Button>
        <Button icon={ThumbsDown} aria-pressed={proposal.myVote === false} look={proposal.myVote === false ? 'primary' : 'secondary'} disabled={!open || vote.isPending} onClick={() => vote.mutate(false)}>{t('against', { votes: number(proposal.against) })}</Button>
        {founder && open && <Button look="danger" onClick={() => setVetoing(true)}>{t('veto')}</Button>}
      </div>
      {vote.error && <ErrorState inline error={vote.error} />}
      <Dialog open={vetoing} onOpenChange={setVetoing} title={t('veto')} description={proposal.title}>
        <form className="flex flex-col gap-3" onSubmit={event => { event.preventDefault(); veto.mutate(String(new FormData(event.currentTarget).get('reason')).trim()); }}>
          <TextArea label={t('reason')} name="reason" maxLength={500} required />
          {veto.error && <ErrorState inline error={veto.error} />}
          <Button type="submit" look="danger" busy={veto.isPending} className="self-end">{t('veto')}</Button>
        </form>
      </Dialog>
    </li>
  );
}
