import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Collections() {
  const { t } = useTranslation('collections');
  usePageTitle(t('collections.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('collections.title')}</h1>
    </div>
  );
}
