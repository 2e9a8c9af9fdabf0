import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Home() {
  const { t } = useTranslation('home');
  usePageTitle(t('home.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('home.title')}</h1>
    </div>
  );
}
