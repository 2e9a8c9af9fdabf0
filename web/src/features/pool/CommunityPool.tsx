import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function CommunityPool() {
  const { t } = useTranslation('pool');
  usePageTitle(t('communityPool.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('communityPool.title')}</h1>
    </div>
  );
}
