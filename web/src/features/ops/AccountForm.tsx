import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, idempotent } from '@/api/client';
import { ApiError } from '@/api/problem';
import { Button, Dialog, ErrorState, Field, useFieldError } from '@/ui';

/** A contracted account of the operator's. The secret goes in and never comes out again. */
export function AccountForm({ provider, onClose }: { provider: string | null; onClose: () => void }) {
  const { t } = useTranslation('ops');
  const client = useQueryClient();
  const add = useMutation({
    mutationFn: (form: FormData) => {
      const text = (name: string) => String(form.get(name) ?? '').trim();
      const count = (name: string) => (text(name) ? Number(text(name)) : null);
      return body(api.POST('/api/stealth/accounts', {
        headers: idempotent(),
        body: {
          provider: provider!, name: text('name'), contractHolder: text('contractHolder'), termsUrl: text('termsUrl'), secret: text('secret'), baseUrl: (text('baseUrl') || null) as string,
          limits: { concurrency: count('concurrency') ?? 1, requestsPerMinute: count('requestsPerMinute'), requestsPerMonth: count('requestsPerMonth'), window: 'sliding' },
          weight: null, tags: [], proxyId: null, keyExpiresAt: null,
        },
      }));
    },
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ['ops', 'stealth'] });
      onClose();
    },
  });
  const fieldError = useFieldError();
  const at = (name: string) => fieldError(add.error, name);
  const known = add.error instanceof ApiError && Object.keys(add.error.fieldErrors).length > 0;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    add.mutate(new FormData(event.currentTarget));
  };
  return (
    <Dialog open={provider !== null} onOpenChange={open => !open && onClose()} title={t('stealth.addTo', { provider })} shape="sheet">
      <form onSubmit={submit} className="flex flex-col gap-3">
        <Field label={t('account.name')} name="name" required error={at('name')} />
        <Field label={t('account.contractHolder')} name="contractHolder" required error={at('contractHolder')} />
        <Field label={t('account.termsUrl')} name="termsUrl" type="url" required error={at('termsUrl')} />
        <Field label={t('account.secret')} name="secret" type="password" autoComplete="off" error={at('secret')} />
        <Field label={t('account.baseUrl')} hint={t('account.baseUrlHint')} name="baseUrl" type="url" error={at('baseUrl')} />
        <Field label={t('limit.concurrency')} name="concurrency" type="number" min={1} defaultValue={1} error={at('limits.concurrency')} />
        <Field label={t('limit.requestsPerMinute')} name="requestsPerMinute" type="number" min={1} error={at('limits.requestsPerMinute')} />
        <Field label={t('limit.requestsPerMonth')} name="requestsPerMonth" type="number" min={1} error={at('limits.requestsPerMonth')} />
        {add.error && !known && <ErrorState inline error={add.error} />}
        <Button type="submit" look="primary" busy={add.isPending}>{t('stealth.add')}</Button>
      </form>
    </Dialog>
  );
}
