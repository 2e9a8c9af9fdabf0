import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Alvae() {
  const { t } = useTranslation('alvae');
  usePageTitle(t('alvae.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('alvae.title')}</h1>
    </div>
  );
}
