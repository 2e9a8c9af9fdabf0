import { useMutation } from '@tanstack/react-query';
import { ShieldCheck } from 'lucide-react';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { loadMe, useSession } from '@/api/session';
import { Button, ErrorState, Field, toast } from '@/ui';
import { Card } from './Card';
import { QrCode } from './QrCode';

/** An authenticator app: its secret and the recovery codes are shown once, and only here. */
export function SecondFactor() {
  const { t } = useTranslation('settings');
  const active = useSession(state => state.me)!.secondFactor;
  const [codes, setCodes] = useState<string[] | null>(null);
  const begin = useMutation({ mutationFn: () => body(api.POST('/api/auth/totp')) });
  const confirm = useMutation({
    mutationFn: (code: string) => body(api.POST('/api/auth/totp/confirm', { body: { code } })),
    onSuccess: ({ recoveryCodes }) => {
      setCodes(recoveryCodes);
      begin.reset();
      void loadMe();
    },
  });
  const remove = useMutation({
    mutationFn: () => api.DELETE('/api/auth/totp'),
    onSuccess: () => {
      void loadMe();
      toast(t('totp.removed'));
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    confirm.mutate(String(new FormData(event.currentTarget).get('code')).replaceAll(/\s/g, ''));
  }
  const error = begin.error ?? confirm.error ?? remove.error;
  return (
    <Card title={t('totp.title')} hint={t('totp.hint')}>
      {active && !codes && (
        <div className="flex flex-wrap items-center gap-3">
          <p className="flex items-center gap-2 text-sm"><ShieldCheck aria-hidden className="size-5 text-good" />{t('totp.active')}</p>
          <Button look="danger" busy={remove.isPending} onClick={() => remove.mutate()}>{t('totp.remove')}</Button>
        </div>
      )}
      {!active && !begin.data && <Button busy={begin.isPending} onClick={() => begin.mutate()} className="self-start">{t('totp.begin')}</Button>}
      {begin.data && (
        <form onSubmit={submit} className="flex flex-col gap-4">
          <div className="flex flex-wrap gap-4">
            <QrCode text={begin.data.uri} label={t('totp.scan')} />
            <div className="min-w-0 flex-1 basis-52 text-sm"><p>{t('totp.scan')}</p><p className="mt-2 text-muted">{t('totp.byHand')}</p><p className="font-mono break-all">{begin.data.secret}</p></div>
          </div>
          <Field label={t('totp.code')} name="code" inputMode="numeric" autoComplete="one-time-code" maxLength={7} required className="max-w-60" />
          <Button type="submit" look="primary" busy={confirm.isPending} className="self-start">{t('totp.confirm')}</Button>
        </form>
      )}
      {codes && (
        <div role="status" className="flex flex-col gap-3">
          <p className="text-sm font-semibold">{t('totp.codes')}</p>
          <ul className="grid grid-cols-2 gap-x-6 gap-y-1 font-mono text-sm">{codes.map(code => <li key={code}>{code}</li>)}</ul>
          <div className="flex flex-wrap gap-2">
            <Button onClick={() => void navigator.clipboard.writeText(codes.join('\n')).then(() => toast(t('copied')))}>{t('copy')}</Button>
            <Button look="primary" onClick={() => setCodes(null)}>{t('totp.kept')}</Button>
          </div>
        </div>
      )}
      {error && <ErrorState inline error={error} />}
    </Card>
  );
}
