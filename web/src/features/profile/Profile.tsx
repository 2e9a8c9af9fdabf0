import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Profile() {
  const { t } = useTranslation('profile');
  usePageTitle(t('profile.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('profile.title')}</h1>
    </div>
  );
}
