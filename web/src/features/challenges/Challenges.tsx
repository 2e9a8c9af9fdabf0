import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Challenges() {
  const { t } = useTranslation('challenges');
  usePageTitle(t('challenges.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('challenges.title')}</h1>
    </div>
  );
}
