import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Search() {
  const { t } = useTranslation('search');
  usePageTitle(t('search.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('search.title')}</h1>
    </div>
  );
}
