import { useMutation } from '@tanstack/react-query';
import { useRef, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { Button, ErrorState, Field, toast, useFieldError } from '@/ui';
import { Card } from './Card';
import { Devices } from './Devices';
import { atFields } from './errors';
import { SecondFactor } from './SecondFactor';

export function Security() {
  return <><Password /><SecondFactor /><Devices /></>;
}

function Password() {
  const { t } = useTranslation('settings');
  const form = useRef<HTMLFormElement>(null);
  const fieldError = useFieldError();
  const change = useMutation({
    mutationFn: (passwords: { currentPassword: string; newPassword: string }) => api.POST('/api/auth/password', { body: passwords }),
    onSuccess: () => {
      form.current?.reset();
      toast(t('password.changed'));
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    change.mutate({ currentPassword: String(data.get('current')), newPassword: String(data.get('new')) });
  }
  return (
    <Card title={t('password.title')} hint={t('password.hint')}>
      <form ref={form} onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t('currentPassword')} name="current" type="password" autoComplete="current-password" required error={fieldError(change.error, 'currentPassword', { 'wrong-password': t('wrongPassword') })} />
        <Field label={t('password.new')} name="new" type="password" autoComplete="new-password" minLength={10} maxLength={256} required error={fieldError(change.error, 'newPassword')} />
        {change.error && !atFields(change.error, ['wrong-password']) && <ErrorState inline error={change.error} />}
        <Button type="submit" look="primary" busy={change.isPending} className="self-start">{t('password.change')}</Button>
      </form>
    </Card>
  );
}
