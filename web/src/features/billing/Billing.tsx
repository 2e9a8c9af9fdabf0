import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Billing() {
  const { t } = useTranslation('billing');
  usePageTitle(t('billing.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('billing.title')}</h1>
    </div>
  );
}
