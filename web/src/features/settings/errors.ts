import { ApiError } from '@/api/problem';

/** What a refusal says of one field; a pair of `type` and field for refusals that name no field. */
export const fieldError = (error: unknown, field: string, slugs: Record<string, string> = {}): string | undefined =>
  error instanceof ApiError ? error.fieldErrors[field]?.[0] ?? slugs[error.slug] : undefined;

/** Whether a form can show the refusal at its fields. */
export const atFields = (error: unknown, slugs: string[] = []) =>
  error instanceof ApiError && (Object.keys(error.fieldErrors).length > 0 || slugs.includes(error.slug));
