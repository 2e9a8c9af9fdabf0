import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, idempotent, type Schemas } from '@/api/client';
import { usePages } from '@/api/pages';
import { Button, Dialog, ErrorState, Field, Select, toast } from '@/ui';
import { AlvaeBadge } from './AlvaeBadge';

/** The founder grants and revokes. Revoking asks for the number to be typed: it is not given out again. */
export function Grants() {
  const { t } = useTranslation('alvae');
  const client = useQueryClient();
  const form = useRef<HTMLFormElement>(null);
  const [revoking, setRevoking] = useState<string | null>(null);
  const [typed, setTyped] = useState('');
  const members = usePages(['alvae', 'members'], cursor => body(api.GET('/api/alvae/members', { params: { query: { cursor, limit: 50 } } })));
  const refresh = () => client.invalidateQueries({ queryKey: ['alvae'] });
  const grant = useMutation({
    mutationFn: (request: Schemas['GrantRequest']) => body(api.POST('/api/alvae/grants', { body: request, headers: idempotent() })),
    onSuccess: made => {
      form.current?.reset();
      toast(t('granted', { id: made.alvaeId, who: made.username }));
      void refresh();
    },
  });
  const revoke = useMutation({
    mutationFn: (alvaeId: string) => api.DELETE('/api/alvae/grants/{alvaeId}', { params: { path: { alvaeId } } }),
    onSuccess: () => {
      setRevoking(null);
      void refresh();
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    grant.mutate({ username: String(data.get('username')).trim(), level: data.get('level') as Schemas['AlvaeLevel'], note: String(data.get('note')).trim() || null });
  }
  return (
    <div className="flex flex-col gap-4">
      <form ref={form} onSubmit={submit} className="card grid gap-3 p-5 sm:grid-cols-2">
        <Field label={t('username')} name="username" autoCapitalize="none" required />
        <Select label={t('level')} name="level">{(['TESTER', 'EARLY_ADOPTER'] as const).map(level => <option key={level} value={level}>{t(`levels.${level}`)}</option>)}</Select>
        <Field label={t('note')} name="note" maxLength={200} className="sm:col-span-2" />
        {grant.error && <div className="sm:col-span-2"><ErrorState inline error={grant.error} /></div>}
        <Button type="submit" look="primary" busy={grant.isPending} className="justify-self-start">{t('grant')}</Button>
      </form>
      <ul className="flex flex-col gap-2">
        {members.items.filter(member => member.level !== 'FOUNDER').map(member => (
          <li key={member.alvaeId} className="card flex flex-wrap items-center gap-3 px-4 py-2"><span className="min-w-0 flex-1 truncate font-bold">{member.displayName}</span><AlvaeBadge level={member.level} alvaeId={member.alvaeId} /><Button look="danger" onClick={() => { setTyped(''); setRevoking(member.alvaeId); }}>{t('revoke')}</Button></li>
        ))}
      </ul>
      {members.hasNextPage && <Button className="self-center" onClick={members.more}>{t('more')}</Button>}
      <Dialog open={revoking !== null} onOpenChange={open => !open && setRevoking(null)} title={t('revokeTitle', { id: revoking })}>
        <Field label={t('typeNumber', { id: revoking })} value={typed} onChange={event => setTyped(event.target.value)} autoComplete="off" />
        {revoke.error && <ErrorState inline error={revoke.error} />}
        <Button look="danger" className="self-end" busy={revoke.isPending} disabled={typed.trim() !== revoking} onClick={() => revoking && revoke.mutate(revoking)}>{t('revoke')}</Button>
      </Dialog>
    </div>
  );
}
