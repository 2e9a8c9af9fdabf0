import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Notifications() {
  const { t } = useTranslation('notifications');
  usePageTitle(t('notifications.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('notifications.title')}</h1>
    </div>
  );
}
