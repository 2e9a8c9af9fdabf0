import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Track() {
  const { t } = useTranslation('track');
  usePageTitle(t('track.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('track.title')}</h1>
    </div>
  );
}
