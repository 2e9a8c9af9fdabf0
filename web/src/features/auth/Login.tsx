import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Login() {
  const { t } = useTranslation('auth');
  usePageTitle(t('login.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('login.title')}</h1>
    </div>
  );
}
