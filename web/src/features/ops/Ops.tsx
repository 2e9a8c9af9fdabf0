import { useTranslation } from 'react-i18next';
import { usePageTitle } from '@/ui';

export default function Ops() {
  const { t } = useTranslation('ops');
  usePageTitle(t('ops.title'));
  return (
    <div className="page">
      <h1 className="text-3xl font-bold">{t('ops.title')}</h1>
    </div>
  );
}
