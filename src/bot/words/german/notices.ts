import type { Notice } from '#ports/owner-chat.ts';
import { shownName } from '#post/file-name.ts';
import type { SetAside } from '#post/state.ts';
import { counted, listed, noneLeft, place } from './phrases.ts';
import { problem } from './problems.ts';

export function notice(told: Notice, time: (iso: string) => string, date: (at: Date) => string): string {
  switch (told.kind) {
    case 'preparing':
      return `Ich bereite einen Entwurf von ${shownName(told.name)} vor …`;
    case 'still-preparing':
      return 'Ein Entwurf ist in Arbeit; gleich ist er da.';
    case 'not-found':
      return `In der Reihe ist kein Foto namens „${shownName(told.name)}“. /queue zeigt, was da ist.`;
    case 'several':
      return `Mehrere Fotos heißen so. Schick /post mit dem ganzen Namen:\n\n${told.names.slice(0, 8).map(shownName).join('\n')}`;
    case 'token-not-renewed':
      return `${place(told.service)} hat meinen Zugang nicht verlängert. Er gilt noch etwa ${counted(told.daysLeft, 'Tag', 'Tage')}. Ich versuche es jeden Tag wieder; wenn es bis dahin nicht geklappt hat, erstelle ein neues Token, wie es im README steht, und starte Darkroom neu.`;
    case 'gave-up':
      return 'Zwölf Stunden lang hat es nicht geklappt, darum habe ich diesen Entwurf aufgegeben. /post bringt wieder einen.';
    case 'history-damaged':
      return `Meine Aufzeichnung von ${told.months.join(', ')} war beschädigt, und ich habe sie beiseitegelegt. Fotos von damals, die noch in deinem Ordner sind, könnten noch einmal kommen; sieh bitte genau hin.`;
    case 'no-photos':
      return `${noneLeft} Leg ein paar Fotos hinein: Sehe ich sie in den nächsten zwölf Stunden, kommt der Entwurf von selbst; danach schick /post.`;
    case 'running-low':
      return runningLow(told.photosLeft, told.last && date(told.last));
    case 'photos-set-aside':
      return setAside(told.reason, told.names);
    case 'photo-gone':
      return `${shownName(told.name)} wurde verschoben oder geändert, während ich daran war. Ich nehme das nächste.`;
    case 'service-down':
      return `${problem({ name: told.service }, told.problem)} ${doing[told.doing]}`;
    case 'not-saved':
      return `Ich kann nichts speichern: ${told.code === 'ENOSPC' ? 'Die Festplatte ist voll' : `Die Festplatte meldet ${told.code}`}. Bis das behoben ist, geht nichts raus; ich versuche es weiter.`;
    case 'state-recovered':
      return 'Mein Gedächtnis war beschädigt, und ich bin zur Kopie davor zurückgegangen. Wo ich nicht sicher bin, ob etwas rausgegangen ist, fragt dich die Karte.';
    case 'state-put-back':
      return `Mein Gedächtnis wurde zurückgesetzt, ${told.writtenAt === undefined ? 'auf eine ältere Kopie' : `auf den Stand von ${time(told.writtenAt)}`}. Was ich seitdem getan habe, weiß ich nicht: Wo etwas schon draußen sein könnte, fragt dich die Karte, und Entwürfe von damals sind vorbei. Ohne dich geht jetzt nichts raus; /auto ändert das. Sieh dir bitte deinen Kanal an, bevor du etwas veröffentlichst.`;
    case 'publish-missed':
      return `${shownName(told.name)} sollte um ${time(told.at.toISOString())} raus, aber da lief ich nicht oder hatte keine Verbindung. Jetzt wartet es auf dich: Sieh dir bitte die Karte an.`;
    case 'slot-missed':
      return `Um ${time(told.at.toISOString())} lief ich nicht, darum gab es keinen Entwurf. Wenn du jetzt einen willst, schick /post.`;
  }
}

function runningLow(photosLeft: number, last: string | undefined): string {
  if (last === undefined) {
    return 'Das ist das letzte Foto in deinem Dropbox-Ordner. Leg neue hinein, dann geht es weiter wie geplant.';
  }
  return `Noch ${counted(photosLeft, 'Foto', 'Fotos')} in deinem Dropbox-Ordner, das reicht bis etwa ${last}. Leg vorher neue hinein, dann geht es weiter wie geplant.`;
}

function setAside(reason: SetAside['reason'], names: readonly string[]): string {
  const which = listed(names);
  const isOne = names.length === 1;
  switch (reason) {
    case undefined:
      return isOne
        ? `${which} lässt sich nicht öffnen; die Datei ist wohl beschädigt oder kein Foto. Ich lasse sie beiseite.`
        : `${names.length} Dateien lassen sich nicht öffnen; sie sind wohl beschädigt oder keine Fotos. Ich lasse sie beiseite: ${which}.`;
    case 'too-large':
      return isOne
        ? `${which} ist größer als 100 MB, das ist mehr, als ich schaffe. Ich lasse die Datei beiseite.`
        : `${names.length} Dateien sind größer als 100 MB, das ist mehr, als ich schaffe. Ich lasse sie beiseite: ${which}.`;
    case 'removed':
      return `Aus der Reihe genommen: ${which}.`;
    case 'never':
      return `${which} ${isOne ? 'kommt' : 'kommen'} nicht wieder von selbst, wie du wolltest.`;
    case 'seen-before':
      return isOne
        ? `${which} sieht genauso aus wie ein Foto, das schon veröffentlicht ist, darum lasse ich es beiseite. /post mit seinem Namen nimmt es trotzdem.`
        : `${names.length} Fotos sehen genauso aus wie schon veröffentlichte, darum lasse ich sie beiseite: ${which}. /post mit einem Namen nimmt dieses trotzdem.`;
  }
}

const doing = {
  listing: 'Darum gibt es noch keinen Entwurf; ich versuche es weiter, und nichts geht verloren.',
  drafting: 'Der Entwurf wartet; ich versuche es weiter, und nichts geht verloren.',
  archiving: 'Der Beitrag ist draußen, nur sein Foto ist noch nicht im Archiv; ich versuche es weiter.',
  working: 'Ich versuche es weiter, und nichts geht verloren.',
} as const;
