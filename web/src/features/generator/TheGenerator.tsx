import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function TheGenerator() {
  const { t } = useTranslation('generator');
  usePageTitle(t('theGenerator.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('theGenerator.title')}</h1>
    </div>
  );
}
