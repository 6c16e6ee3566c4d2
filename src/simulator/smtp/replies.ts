/** A reply that refuses, in the words of Gmail's submission server. */
export interface Refusal {
  readonly code: number;
  readonly text: string;
}

/** The steps of a mail that can fail; faults go by these names. */
export type Phase = 'connect' | 'auth' | 'mail' | 'rcpt' | 'data';

const help = 'https://support.google.com/mail/?p=';

export const badCredentials: Refusal = {
  code: 535,
  text: `5.7.8 Username and Password not accepted. For more information, go to ${help}BadCredentials - gsmtp`,
};
export const loginWanted = `5.7.0 Authentication Required. For more information, go to ${help}WantAuthError - gsmtp`;
export const unknownRecipient: Refusal = {
  code: 550,
  text: `5.1.1 The email account that you tried to reach does not exist. Please try double-checking the recipient's email address for typos or unnecessary spaces. For more information, go to ${help}NoSuchUser - gsmtp`,
};
export const dailyLimit: Refusal = {
  code: 550,
  text: '5.4.5 Daily user sending limit exceeded. For more information on Gmail sending limits go to https://support.google.com/a/answer/166852 - gsmtp',
};
export const tooLarge: Refusal = {
  code: 552,
  text: `5.2.3 Your message exceeded Google's message size limits. For more information, go to ${help}MaxSizeError - gsmtp`,
};

const texts = new Map<number, string>([
  [421, '4.3.0 Temporary System Problem. Try again later - gsmtp'],
  [
    450,
    '4.2.1 The recipient you are trying to contact is receiving mail too quickly. Please try later - gsmtp',
  ],
  [451, '4.3.0 Mail server temporarily rejected message - gsmtp'],
  [
    452,
    `4.2.2 The recipient's inbox is out of storage space. For more information, go to ${help}OverQuotaTemp - gsmtp`,
  ],
  [454, '4.7.0 Cannot authenticate due to temporary system problem. Try again later - gsmtp'],
  [535, badCredentials.text],
  [
    550,
    `5.7.1 Our system has detected that this message is likely unsolicited mail. For more information, go to ${help}UnsolicitedMessageError - gsmtp`,
  ],
  [552, tooLarge.text],
  [554, '5.6.0 Mail message is malformed. Not accepted - gsmtp'],
]);

/** The words that go with a reply code. */
export function refusalFor(code: number): Refusal {
  return { code, text: texts.get(code) ?? `${Math.trunc(code / 100)}.0.0 Refused - gsmtp` };
}

/** Gmail's ways to say "too fast": 421 closes the connection, 454 is for logins, 451 for the rest. */
export function rateLimited(phase: Phase): Refusal {
  if (phase === 'connect') return { code: 421, text: '4.7.0 Try again later, closing connection. - gsmtp' };
  if (phase === 'auth')
    return { code: 454, text: '4.7.0 Too many login attempts, please try again later. - gsmtp' };
  return {
    code: 451,
    text: '4.7.0 Our system has detected an unusual rate of mail. Try again later. - gsmtp',
  };
}
