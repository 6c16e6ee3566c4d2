/** The photographer's account as `users/get_current_account` shows it. */
export const account = {
  account_id: 'dbid:SimulatedAccountOfThePhotographer00000',
  name: {
    given_name: 'Mara',
    surname: 'Lindqvist',
    familiar_name: 'Mara',
    display_name: 'Mara Lindqvist',
    abbreviated_name: 'ML',
  },
  email: 'mara@example.org',
  email_verified: true,
  disabled: false,
  locale: 'en',
  referral_link: 'https://www.dropbox.com/referrals/simulated',
  is_paired: false,
  account_type: { '.tag': 'basic' },
  root_info: { '.tag': 'user', root_namespace_id: '3235641', home_namespace_id: '3235641' },
  country: 'SE',
};
