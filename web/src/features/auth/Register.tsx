import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Register() {
  const { t } = useTranslation('auth');
  usePageTitle(t('register.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('register.title')}</h1>
    </div>
  );
}
