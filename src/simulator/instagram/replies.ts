import type { SimulatedAnswer } from '#simulator/http.ts';

/**
 * Instagram's own words for its refusals, as the app's API sends them. Collected from the issues of
 * dilame/instagram-private-api, mgp25/Instagram-API, subzeroid/instagrapi and supreme-gg-gg/instagram-cli.
 */

const site = 'https://i.instagram.com';

export function ok(body: object = {}): SimulatedAnswer {
  return { status: 200, body: { ...body, status: 'ok' } };
}

export function fail(status: number, body: object): SimulatedAnswer {
  return { status, body: { ...body, status: 'fail' } };
}

export function loginRequired(): SimulatedAnswer {
  return fail(403, {
    message: 'login_required',
    error_title: "You've Been Logged Out",
    error_body: 'Please log back in.',
    logout_reason: 2,
  });
}

export function userHasLoggedOut(): SimulatedAnswer {
  return fail(403, { message: 'user_has_logged_out', logout_reason: 9 });
}

export function inactiveUser(): SimulatedAnswer {
  return fail(400, {
    message:
      'Your account has been disabled for violating our terms. Learn how you may be able to restore your account.',
    error_title: 'Your Account Has Been Disabled',
    error_type: 'inactive user',
  });
}

export function badPassword(username: string): SimulatedAnswer {
  return fail(400, {
    message: 'The password you entered is incorrect. Please try again.',
    invalid_credentials: true,
    error_title: `Incorrect password for ${username}`,
    buttons: [{ title: 'Try Again', action: 'dismiss' }],
    error_type: 'bad_password',
  });
}

export function invalidUser(): SimulatedAnswer {
  return fail(400, {
    message:
      "The username you entered doesn't appear to belong to an account. Please check your username and try again.",
    invalid_credentials: true,
    error_title: 'Incorrect Username',
    buttons: [{ title: 'Try Again', action: 'dismiss' }],
    error_type: 'invalid_user',
  });
}

/**
 * The page tells what it is about: since February 2026 apps that are too old are sent to the one for unsupported
 * versions. The client takes all of them for a plain failure.
 */
export function checkpointRequired(page: string): SimulatedAnswer {
  return fail(400, {
    message: 'checkpoint_required',
    checkpoint_url: `${site}${page}`,
    lock: true,
    flow_render_type: 0,
  });
}

export function challengeRequired(path: string): SimulatedAnswer {
  return fail(400, {
    message: 'challenge_required',
    challenge: {
      url: `${site}${path}`,
      api_path: path,
      hide_webview_header: true,
      lock: true,
      logout: false,
      native_flow: true,
    },
  });
}

export function needsUpgrade(): SimulatedAnswer {
  return fail(400, {
    message: 'Your version of Instagram is out of date. Please upgrade your app to log in to Instagram.',
    error_type: 'needs_upgrade',
  });
}

/** As in issues 662 and 820 of dilame/instagram-private-api and 13 of iSarabjitDhiman/InstaGPy. */
export function twoFactorRequired(login: {
  readonly pk: number;
  readonly username: string;
  readonly identifier: string;
  /** An authenticator app shows the code; else it comes as a message to the phone. */
  readonly isApp: boolean;
}): SimulatedAnswer {
  const phone = {
    max_sms_count: 2,
    resend_sms_delay_sec: 60,
    robocall_count_down_time_sec: 30,
    robocall_after_max_sms: true,
  };
  return fail(400, {
    message: '',
    two_factor_required: true,
    two_factor_info: {
      pk: login.pk,
      username: login.username,
      sms_two_factor_on: !login.isApp,
      whatsapp_two_factor_on: false,
      totp_two_factor_on: login.isApp,
      eligible_for_multiple_totp: true,
      obfuscated_phone_number: login.isApp ? '' : '3412',
      two_factor_identifier: login.identifier,
      show_messenger_code_option: false,
      show_new_login_screen: true,
      show_trusted_device_option: false,
      phone_verification_settings: phone,
    },
    phone_verification_settings: phone,
    error_type: 'two_factor_required',
  });
}

export function wrongTwoFactorCode(): SimulatedAnswer {
  return fail(400, {
    message: 'Please check the security code and try again.',
    error_type: 'sms_code_validation_code_invalid',
  });
}

/** mgp25/Instagram-API, issue 2632. */
export function codeTooOld(): SimulatedAnswer {
  return fail(400, {
    message: 'This code is no longer valid. Please request a new one.',
    error_type: 'invalid_nonce',
  });
}

/** mgp25/Instagram-API, issue 3102: the identifier is not the one of a login that waits for its code. */
export function invalidIdentifier(): SimulatedAnswer {
  return fail(400, {
    message: 'Sorry, there was a problem with your request.',
    error_type: 'invalid_identifier',
  });
}

/** dilame/instagram-private-api, issue 974: the name, or the way that the code came, is not the one of the login. */
export function invalidParameters(): SimulatedAnswer {
  return fail(400, { message: 'Invalid Parameters' });
}

export function feedbackRequired(): SimulatedAnswer {
  return fail(400, {
    message: 'feedback_required',
    spam: true,
    feedback_title: 'Try Again Later',
    feedback_message:
      'We limit how often you can do certain things on Instagram to protect our community. Tell us if you think we made a mistake.',
    feedback_url: 'repute/report_problem/instagram/',
    feedback_appeal_label: 'Tell us',
    feedback_ignore_label: 'OK',
    feedback_action: 'report_problem',
  });
}

/** As `feedbackRequired`, but for what Instagram does not call spam; the client then takes it for a plain failure. */
export function limited(): SimulatedAnswer {
  return fail(400, {
    message: 'feedback_required',
    feedback_title: 'Action Blocked',
    feedback_message: 'This action was blocked. Please try again later.',
    feedback_action: 'report_problem',
  });
}

export function pleaseWait(status: number, retryAfterSeconds?: number): SimulatedAnswer {
  const answer = fail(status, { message: 'Please wait a few minutes before you try again.' });
  return retryAfterSeconds === undefined
    ? answer
    : { ...answer, headers: { 'retry-after': String(retryAfterSeconds) } };
}

export function mediaNotFound(): SimulatedAnswer {
  return fail(400, { message: 'Media not found or unavailable' });
}

/** The upload hosts answer in a form of their own, without a status. */
export function uploadRefused(type: string, message: string): SimulatedAnswer {
  return { status: 400, body: { debug_info: { retriable: false, type, message } } };
}

export function processingFailed(): SimulatedAnswer {
  return uploadRefused('ProcessingFailedError', 'Request processing failed');
}

/** What comes with a status when something breaks on Instagram's side or on the way. */
export function broken(status: number): SimulatedAnswer {
  if (status === 401 || status === 403) return { ...loginRequired(), status };
  if (status === 429) return pleaseWait(429);
  if (status < 500) return fail(status, { message: 'Sorry, there was a problem with your request.' });
  if (status === 500) return fail(500, { message: 'Oops, an error occurred.' });
  const page =
    '<!DOCTYPE html><html><head><title>5xx Server Error</title></head><body>5xx Server Error</body></html>';
  return { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page };
}
