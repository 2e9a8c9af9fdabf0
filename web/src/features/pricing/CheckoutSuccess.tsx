import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function CheckoutSuccess() {
  const { t } = useTranslation('pricing');
  usePageTitle(t('checkoutSuccess.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('checkoutSuccess.title')}</h1>
    </div>
  );
}
