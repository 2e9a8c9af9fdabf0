import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Challenge() {
  const { t } = useTranslation('challenges');
  usePageTitle(t('challenge.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('challenge.title')}</h1>
    </div>
  );
}
