import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { api, body, idempotent } from '@/api/client';
import { Button, Dialog, ErrorState, Select, TextArea, toast, useFieldError } from '@/ui';

const causes = ['rights', 'hate', 'sexual', 'violence', 'spam', 'other'] as const;
const longest = 900;

/** Tells operators what should not be here. Whoever made it never hears who told. */
export default function ReportDialog({ kind, id, title, onClose }: { kind: 'track' | 'comment' | 'profile'; id: string; title: string; onClose: () => void }) {
  const { t } = useTranslation('reports');
  const [key] = useState(() => crypto.randomUUID());
  const fieldError = useFieldError();
  const report = useMutation({
    mutationFn: (reason: string) => body(api.POST('/api/reports', { body: { kind, id, reason }, headers: idempotent(key) })),
    onSuccess: () => {
      toast(t('done'));
      onClose();
    },
  });
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    report.mutate([t(`cause.${form.get('cause') as (typeof causes)[number]}`), (form.get('words') as string).trim()].filter(Boolean).join(': '));
  }
  return (
    <Dialog open onOpenChange={onClose} title={t(`title.${kind}`)} description={t('hint', { title })}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Select label={t('why')} name="cause">{causes.map(cause => <option key={cause} value={cause}>{t(`cause.${cause}`)}</option>)}</Select>
        <TextArea label={t('words')} name="words" rows={3} maxLength={longest} error={fieldError(report.error, 'reason')} />
        {report.error && <ErrorState inline error={report.error} />}
        <Button type="submit" look="primary" busy={report.isPending}>{t('send')}</Button>
      </form>
    </Dialog>
  );
}
