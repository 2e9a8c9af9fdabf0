import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function CheckoutCancel() {
  const { t } = useTranslation('pricing');
  usePageTitle(t('checkoutCancel.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('checkoutCancel.title')}</h1>
    </div>
  );
}
