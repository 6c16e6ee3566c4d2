import type { SimulatedAnswer } from '#simulator/http.ts';

const problems: Readonly<Record<number, readonly [string, string]>> = {
  401: ['Unauthenticated', 'You did not pass a valid authentication token'],
  402: [
    'Insufficient credit',
    'You have insufficient credit to run this model. Go to https://replicate.com/account/billing#billing to purchase credit.',
  ],
  404: ['Not found', 'The requested resource could not be found.'],
  500: ['Internal server error', 'An unexpected error occurred.'],
  503: ['Service unavailable', 'The service is temporarily unavailable. Please try again.'],
};

/** A refusal in Replicate's shape; its usual words for the status unless others are given. */
export function problem(status: number, detail?: string, title?: string): SimulatedAnswer {
  const [usualTitle, usualDetail] = problems[status] ?? [
    'Error',
    `The request failed with status ${status}.`,
  ];
  return { status, body: { title: title ?? usualTitle, detail: detail ?? usualDetail, status } };
}
