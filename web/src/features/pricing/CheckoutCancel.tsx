import { useTranslation } from 'react-i18next';
import { ButtonLink, usePageTitle } from '@/ui';

export default function CheckoutCancel() {
  const { t } = useTranslation('pricing');
  usePageTitle(t('checkoutCancel.title'));
  return (
    <div className="page flex flex-col items-center gap-4 pt-20 text-center">
      <h1 className="text-3xl font-bold">{t('checkoutCancel.title')}</h1>
      <p className="max-w-md text-muted">{t('checkoutCancel.text')}</p>
      <ButtonLink to="/pricing" look="primary">{t('pricingPage.title')}</ButtonLink>
    </div>
  );
}
