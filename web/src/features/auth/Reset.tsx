import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Reset() {
  const { t } = useTranslation('auth');
  usePageTitle(t('reset.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('reset.title')}</h1>
    </div>
  );
}
