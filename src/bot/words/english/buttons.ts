import type { Shape } from '#post/shape.ts';

/** The words on buttons. */
export const buttons = {
  publish: '✅ Publish',
  regenerate: '🔄 Regenerate',
  skip: '⏭ Skip',
  edit: '✏️ Edit',
  preview: '👁 Preview',
  shape: (shape: Shape, isChosen: boolean) => (isChosen ? `✓ ${shapes[shape]}` : shapes[shape]),
  tryAgain: (platform: string) => `🔁 Try ${platform} again`,
  leaveOut: (platform: string) => `Leave ${platform} out`,
  itIsThere: (platform: string) => `${platform}: it is there`,
  notThere: (platform: string) => `${platform}: not there, send again`,
  leaveIt: (platform: string) => `${platform}: I don’t know, leave it`,
  enterCode: '🔢 Enter the code',
  wholeText: '📄 Whole text',
  undo: '↩ Undo',
  stop: '⏹ Stop, back to the draft',
  publishNow: '✅ Publish now',
  takeDown: '🗑 Take down',
  look: (platform: string) => `Open in ${platform}`,
  turnAutoOn: 'Publish without asking',
  turnVetoOn: 'Publish unless I stop it',
  allSettings: '⚙️ All settings',
  history: '🕘 History',
  turnAutoOff: 'Ask me first',
};

const shapes = { white: 'White', black: 'Black', blurred: 'Blurred', crop: 'Crop' } as const;
