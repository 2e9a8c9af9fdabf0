import type { UseQueryResult } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { needsTexts } from '@/texts/i18n';
import { Skeleton } from '@/ui';
import { useAllowanceText, type Limits } from './allowance';

needsTexts('generator');

/** What sending costs and what is left, before it is sent; for paying members also what the pool receives. */
export function Cost({ limits: asked, units = 1 }: { limits: Pick<UseQueryResult<Limits>, 'data' | 'isError'>; units?: number }) {
  const { t } = useTranslation('generator');
  const text = useAllowanceText();
  const limits = asked.data;
  if (!limits) return asked.isError ? <p className="text-sm text-muted">{t('cost.unknown')}</p> : <Skeleton className="h-5 w-48" />;
  return (
    <div className="min-w-0 text-sm">
      <p>{text(limits, units)}</p>
      {limits.reserved > 0 && <p className="text-xs text-muted">{t('cost.reserved', { count: limits.reserved })}</p>}
      {limits.allowance === 'PAID' && <p className="text-xs text-muted">{t('cost.pool')}</p>}
    </div>
  );
}
