import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';
import { Invoices } from './Invoices';
import { Plan } from './Plan';
import { QuotaMeter } from './QuotaMeter';
import { Usage } from './Usage';

export default function Billing() {
  const { t } = useTranslation('billing');
  usePageTitle(t('billing.title'));
  return (
    <div className="page flex max-w-4xl flex-col gap-6">
      <h1 className="text-3xl font-bold">{t('billing.title')}</h1>
      <QuotaMeter />
      <Plan />
      <Usage />
      <Invoices />
    </div>
  );
}
