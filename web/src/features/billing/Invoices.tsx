import { ExternalLink } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { api, body } from '@/api/client';
import { usePages } from '@/api/pages';
import { dateTime, money } from '@/texts/format';
import { Badge, Button, ErrorState, Skeleton } from '@/ui';

export function Invoices() {
  const { t, i18n } = useTranslation('billing');
  const invoices = usePages(['invoices'], cursor => body(api.GET('/api/tiers/invoices', { params: { query: { cursor } } })));
  const status = (value: string) => (i18n.exists(`billing:status.${value}`) ? t(`status.${value}`) : value);
  return (
    <section aria-labelledby="invoices" className="card flex flex-col gap-3 p-5">
      <h2 id="invoices" className="text-lg font-bold">{t('invoices')}</h2>
      {invoices.isPending && <Skeleton className="h-20" />}
      {invoices.isError && <ErrorState inline error={invoices.error} onRetry={() => void invoices.refetch()} />}
      {invoices.isSuccess && invoices.items.length === 0 && <p className="text-sm text-muted">{t('noInvoices')}</p>}
      <ul className="flex flex-col divide-y divide-line">
        {invoices.items.map(invoice => (
          <li key={invoice.id} className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2 text-sm">
            <span className="min-w-32 flex-1">{dateTime(invoice.createdAt, { dateStyle: 'medium' })}{invoice.number && <span className="ml-2 font-mono text-xs text-muted">{invoice.number}</span>}</span>
            <Badge tone={invoice.status === 'paid' ? 'good' : 'warn'}>{status(invoice.status)}</Badge>
            <span className="font-bold">{money(invoice.amountCents, invoice.currency)}</span>
            {invoice.refundedCents > 0 && <span className="text-muted">{t('refunded', { amount: money(invoice.refundedCents, invoice.currency) })}</span>}
            {invoice.url && <a href={invoice.url} target="_blank" rel="noopener noreferrer" className="inline-flex min-h-11 items-center gap-1.5 text-cyan hover:underline"><ExternalLink aria-hidden className="size-4" />{t('open')}</a>}
          </li>
        ))}
      </ul>
      {invoices.hasNextPage && <Button className="self-center" onClick={invoices.more} busy={invoices.isFetchingNextPage}>{t('more')}</Button>}
    </section>
  );
}
