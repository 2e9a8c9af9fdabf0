import { useTranslation } from 'react-i18next';
import { bytes, number } from '@/texts/format';
import { ErrorState, Meter, Skeleton } from '@/ui';
import { resetText, useLimits } from '../generator/allowance';

/** What the present allowance has used, what running tracks hold, what is left and when it starts over; storage beside it. */
export function QuotaMeter() {
  const { t } = useTranslation('billing');
  const limits = useLimits();
  if (limits.isPending) return <Skeleton className="h-36" />;
  if (limits.isError) return <ErrorState error={limits.error} onRetry={() => void limits.refetch()} />;
  const { allowance, limit, used, reserved, remaining, resetAt, storage } = limits.data;
  const held = reserved > 0 ? ` · ${t('reserved', { count: reserved })}` : '';
  const text = limit === null ? t('usedUnlimited', { count: used }) : t('left', { count: remaining ?? 0, limit: number(limit) });
  return (
    <section aria-label={t('quota')} className="card flex flex-col gap-5 p-5">
      <Meter label={t(`allowance.${allowance}`)} text={text + held} used={used} reserved={reserved} limit={limit} />
      {resetAt && <p className="-mt-3 text-xs text-muted">{t('resets', { at: resetText(resetAt) })}</p>}
      <Meter label={t('storage')} text={storage.limitBytes === null ? bytes(storage.usedBytes) : t('of', { used: bytes(storage.usedBytes), limit: bytes(storage.limitBytes) })} used={storage.usedBytes} limit={storage.limitBytes} />
    </section>
  );
}
