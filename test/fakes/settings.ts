import type { Settings } from '#post/settings.ts';

/** Settings with which everything happens at once and nothing by itself. */
export function settingsWith(over: Partial<Settings> = {}): Settings {
  return {
    mode: 'review',
    vetoMinutes: 30,
    undoSeconds: 0,
    reminderHours: 0,
    unanswered: 'keep',
    unansweredHours: 24,
    schedule: ['0 9 * * *'],
    timeZone: 'UTC',
    hashtags: [],
    captionLanguage: '',
    voice: '',
    platformsOff: [],
    instagramShape: 'white',
    monthlyBudget: null,
    lookAlikeDays: 0,
    ...over,
  };
}
