import type { FormEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '@/api/problem';
import { Button, Dialog, ErrorState, Field, TextArea, useFieldError } from '@/ui';
import { useLimits } from '../generator/allowance';
import { Cost } from '../generator/Cost';
import { OutOfQuota } from '../generator/OutOfQuota';
import { useRework, type Kind } from './useRework';

/** What the new song should have, and what it costs. */
export default function ReworkDialog({ id, kind, onClose }: { id: string; kind: Kind; onClose: () => void }) {
  const { t } = useTranslation('track');
  const limits = useLimits();
  const rework = useRework(id, onClose);
  const fieldError = useFieldError();
  const units = kind === 'variations' ? 2 : 1;
  const spent = limits.data?.remaining !== null && limits.data?.remaining !== undefined && limits.data.remaining < units;
  const problem = rework.error instanceof ApiError ? rework.error : null;
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const fields = Object.fromEntries([...new FormData(event.currentTarget)].filter(([, value]) => value !== '')) as Record<string, string>;
    const { tempo, seconds, ...texts } = fields;
    rework.mutate({ kind, wishes: { ...texts, ...(tempo && { tempo: Number(tempo) }), ...(seconds && { seconds: Number(seconds) }) } });
  }
  return (
    <Dialog open onOpenChange={open => !open && onClose()} title={t(`rework.${kind}`)} description={t(`rework.${kind}Hint`)}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        {kind === 'remix' && (
          <>
            <Field label={t('rework.style')} placeholder={t('rework.styleExample')} name="style" maxLength={200} error={fieldError(problem, 'style')} />
            <TextArea label={t('rework.prompt')} name="prompt" maxLength={2000} rows={2} error={fieldError(problem, 'prompt')} />
            <div className="grid grid-cols-2 gap-3">
              <Field label={t('rework.tempo')} name="tempo" type="number" min={40} max={240} error={fieldError(problem, 'tempo')} />
              <Field label={t('rework.key')} name="key" placeholder={t('rework.keyExample')} error={fieldError(problem, 'key')} />
            </div>
          </>
        )}
        {kind === 'extend' && <Field label={t('rework.seconds')} name="seconds" type="number" min={5} max={290} defaultValue={30} error={fieldError(problem, 'seconds')} />}
        {spent || problem?.slug === 'quota-exceeded'
          ? <OutOfQuota resetAt={limits.data?.resetAt ?? null} onReset={() => void limits.refetch()} />
          : rework.error && problem?.slug !== 'validation' && <ErrorState inline error={rework.error} />}
        <div className="flex flex-wrap items-center justify-between gap-3">
          <Cost limits={limits} units={units} />
          <Button type="submit" look="primary" busy={rework.isPending} disabled={spent}>{t('rework.submit', { count: units })}</Button>
        </div>
      </form>
    </Dialog>
  );
}
