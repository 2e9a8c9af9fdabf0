import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Settings() {
  const { t } = useTranslation('settings');
  usePageTitle(t('settings.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('settings.title')}</h1>
    </div>
  );
}
