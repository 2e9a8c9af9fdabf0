import { ApiError } from '@/api/problem';

/** Whether a form can show the refusal at its fields. */
export const atFields = (error: unknown, slugs: string[] = []) =>
  error instanceof ApiError && (Object.keys(error.fieldErrors).length > 0 || slugs.includes(error.slug));
