import type { Shape } from '#post/shape.ts';

/** The words on buttons. */
export const buttons = {
  publish: '✅ Freigeben',
  regenerate: '🔄 Neuer Text',
  skip: '⏭ Nicht jetzt',
  edit: '✏️ Ändern',
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
  turnVetoOn: 'Veröffentlichen, außer ich halte es auf',
  allSettings: '⚙️ Alle Einstellungen',
  history: '🕘 Verlauf',
  turnAutoOff: 'Erst mich fragen',
};

const shapes = { white: 'Weiß', black: 'Schwarz', blurred: 'Unscharf', crop: 'Zuschnitt' } as const;
