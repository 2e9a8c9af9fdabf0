import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Collection() {
  const { t } = useTranslation('collections');
  usePageTitle(t('collection.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('collection.title')}</h1>
    </div>
  );
}
