import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function ContributorRanking() {
  const { t } = useTranslation('pool');
  usePageTitle(t('contributorRanking.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('contributorRanking.title')}</h1>
    </div>
  );
}
