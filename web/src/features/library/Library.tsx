import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Library() {
  const { t } = useTranslation('library');
  usePageTitle(t('library.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('library.title')}</h1>
    </div>
  );
}
