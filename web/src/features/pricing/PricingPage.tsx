import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function PricingPage() {
  const { t } = useTranslation('pricing');
  usePageTitle(t('pricingPage.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('pricingPage.title')}</h1>
    </div>
  );
}
