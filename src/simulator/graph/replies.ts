import type { SimulatedAnswer } from '#simulator/http.ts';

/**
 * The Graph API's own words for its refusals: Meta's error codes of content publishing (June 2026) and of access
 * tokens and rate limits (Graph API, "Handle errors" and "Rate limits").
 */

/** A refusal on the way to an answer; thrown within the simulated Graph API, turned into its answer at the edge. */
export interface Refusal {
  readonly answer: SimulatedAnswer;
}

export function isRefusal(value: unknown): value is Refusal {
  return typeof value === 'object' && value !== null && 'answer' in value;
}

interface ErrorWords {
  readonly code: number;
  readonly subcode?: number;
  readonly message: string;
  readonly userMessage?: string;
  readonly isTransient?: boolean;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export function graphError(words: ErrorWords): SimulatedAnswer {
  const { code, subcode, message, userMessage, isTransient = false, status = 400, headers } = words;
  const error = {
    message,
    type: 'OAuthException',
    code,
    ...(subcode !== undefined && { error_subcode: subcode }),
    is_transient: isTransient,
    ...(userMessage !== undefined && { error_user_title: message, error_user_msg: userMessage }),
    fbtrace_id: 'A6LJylpZRKw2xKLFsAP-cJh',
  };
  return { status, ...(headers && { headers }), body: { error } };
}

export function refuse(words: ErrorWords): Refusal {
  return { answer: graphError(words) };
}

/** What happened to the account or the app, in the code that Meta has for it. */
export const conditions = {
  'no-permission': {
    code: 10,
    message:
      '(#10) This endpoint requires the instagram_business_content_publish permission or the app is not allowed.',
    status: 403,
  },
  restricted: {
    code: 25,
    subcode: 2207050,
    message: 'The Instagram account is restricted.',
    userMessage: 'Your Instagram account is inactive, checkpointed, or restricted.',
  },
  spam: {
    code: 4,
    subcode: 2207051,
    message: 'Application request limit reached',
    userMessage:
      'We restrict certain activity to protect our community. Tell us if you think we made a mistake.',
  },
} as const;

export const refusals = {
  badToken: (token: string) =>
    refuse({ code: 190, message: `Invalid OAuth access token - Cannot parse access token ${token}` }),
  expiredToken: () =>
    refuse({
      code: 190,
      subcode: 463,
      message: 'Error validating access token: Session has expired on Sunday, 22-Nov-26 04:00:00 PST.',
    }),
  youngToken: () => refuse({ code: 100, message: 'The access token must be at least 24 hours old.' }),
  unknown: (id: string) =>
    refuse({
      code: 100,
      subcode: 33,
      message: `Unsupported request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation.`,
    }),
  missing: (name: string) => refuse({ code: 100, message: `(#100) The parameter ${name} is required` }),
  notFetched: (url: string) =>
    refuse({
      code: 9004,
      subcode: 2207052,
      message: 'Only photo or video can be accepted as media type.',
      userMessage: `The media could not be fetched from this URI: ${url}. Please check that it is publicly accessible.`,
    }),
  tooLarge: () =>
    refuse({
      code: 36000,
      subcode: 2207004,
      message: 'The image size is too large.',
      userMessage: 'The image is too large to download. It should be less than 8 MiB.',
    }),
  wrongFormat: () =>
    refuse({
      code: 36001,
      subcode: 2207005,
      message: 'The image format is not supported.',
      userMessage: 'The image format is not supported. Please use one of the supported formats: JPEG.',
    }),
  wrongRatio: (width: number, height: number) =>
    refuse({
      code: 36003,
      subcode: 2207009,
      message: 'The aspect ratio is not supported.',
      userMessage: `The submitted image with aspect ratio ('${width}/${height}',) cannot be published. Please submit an image with a valid aspect ratio.`,
    }),
  captionTooLong: () =>
    refuse({
      code: 36004,
      subcode: 2207010,
      message: 'The caption was too long.',
      userMessage: 'The caption is too long. Maximum of 2,200 characters, 30 hashtags, and 20 @ tags.',
    }),
  quotaReached: () =>
    refuse({
      code: 9,
      subcode: 2207042,
      message: '(#9) Application request limit reached',
      userMessage:
        'You reached maximum number of posts that is allowed to be published by Content Publishing API.',
    }),
  notReady: () =>
    refuse({
      code: 9007,
      subcode: 2207027,
      message: 'Media ID is not available',
      userMessage: 'The media is not ready for publishing, please wait for a moment.',
    }),
  expiredContainer: () =>
    refuse({
      code: -2,
      subcode: 2207020,
      message: 'The media has expired.',
      userMessage: 'The media you are trying to access has expired. Please try to upload again.',
    }),
  // Meta says only that a container can be published once; its words for a second time are not in the documents.
  publishedBefore: () =>
    refuse({
      code: 24,
      subcode: 2207006,
      message: 'The requested resource does not exist',
      userMessage: 'The media has been published already.',
    }),
};

/** Instagram's limits answer with the time until they are over in minutes, in a header of their own. */
export function rateLimited(accountId: string, retryAfterSeconds: number): SimulatedAnswer {
  const minutes = Math.max(1, Math.ceil(retryAfterSeconds / 60));
  const usage = {
    type: 'instagram',
    call_count: 100,
    total_cputime: 20,
    total_time: 20,
    estimated_time_to_regain_access: minutes,
  };
  return graphError({
    code: 4,
    message: '(#4) Application request limit reached',
    isTransient: true,
    status: 403,
    headers: { 'x-business-use-case-usage': JSON.stringify({ [accountId]: [usage] }) },
  });
}

/** What comes with a status when something breaks on Meta's side or on the way. */
export function broken(status: number): SimulatedAnswer {
  if (status >= 502) {
    const page = '<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>';
    return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
  }
  if (status === 401) return { ...refusals.expiredToken().answer, status };
  if (status === 429)
    return graphError({ code: 4, message: '(#4) Application request limit reached', status });
  const message = 'An unexpected error has occurred. Please retry your request later.';
  if (status < 500) return graphError({ code: 100, message: '(#100) Invalid parameter', status });
  return graphError({ code: 2, message, isTransient: true, status });
}
