import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Verify() {
  const { t } = useTranslation('auth');
  usePageTitle(t('verify.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('verify.title')}</h1>
    </div>
  );
}
