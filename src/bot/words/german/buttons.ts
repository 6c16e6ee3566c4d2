import type { Shape } from '#post/shape.ts';

/** The words on buttons. */
export const buttons = {
  publish: '✅ Veröffentlichen',
  regenerate: '🔄 Neuer Text',
  skip: '⏭ Überspringen',
  edit: '✏️ Bearbeiten',
  preview: '👁 Vorschau',
  shape: (shape: Shape, isChosen: boolean) => (isChosen ? `✓ ${shapes[shape]}` : shapes[shape]),
  tryAgain: (platform: string) => `🔁 ${platform} noch einmal`,
  leaveOut: (platform: string) => `${platform} auslassen`,
  itIsThere: (platform: string) => `${platform}: ist da`,
  notThere: (platform: string) => `${platform}: nicht da, neu senden`,
  leaveIt: (platform: string) => `${platform}: weiß nicht, so lassen`,
  enterCode: '🔢 Code eingeben',
  wholeText: '📄 Ganzer Text',
  undo: '↩ Rückgängig',
  stop: '⏹ Anhalten, zurück zum Entwurf',
  publishNow: '✅ Jetzt veröffentlichen',
  takeDown: '🗑 Zurückziehen',
  look: (platform: string) => `${platform} öffnen`,
  turnAutoOn: 'Ohne Nachfrage veröffentlichen',
  turnVetoOn: 'Veröffentlichen, wenn ich nicht anhalte',
  allSettings: '⚙️ Alle Einstellungen',
  history: '🕘 Verlauf',
  turnAutoOff: 'Erst mich fragen',
};

const shapes = {
  white: 'Weißer Rand',
  black: 'Schwarzer Rand',
  blurred: 'Unscharfer Rand',
  crop: 'Zuschnitt',
} as const;
