import type { OwnWords } from './photo.ts';

const northern = ['Winter', 'Spring', 'Summer', 'Autumn'];
const southern = ['Summer', 'Autumn', 'Winter', 'Spring'];
/** Time zones of the IANA list that lie wholly or for the most part south of the equator and have four seasons. */
const south =
  /^(Australia|Antarctica)\/|^America\/(Argentina\/|Buenos_Aires|Montevideo|Santiago|Asuncion|Sao_Paulo|Punta_Arenas|Coyhaique)|^Africa\/(Johannesburg|Maseru|Mbabane|Windhoek|Gaborone|Harare|Maputo)|^Pacific\/(Auckland|Chatham|Norfolk)|^Indian\/(Reunion|Mauritius)|^Atlantic\/Stanley/;

export interface Home {
  /** The owner's, from which the hemisphere is told: cameras write the date and no place. */
  readonly timeZone: string;
  /** Of the captions, as the owner calls it; empty: English. */
  readonly language: string;
}

/**
 * Season and place in a few words, for a photo about which nothing else is known: "Autumn in Hamburg, Germany".
 * Undefined where it has neither date nor place. In another language than English only the place is said, which
 * is in the photographer's own words.
 */
export function whenAndWhere({ takenOn, place }: OwnWords, home: Home): string | undefined {
  const isEnglish = home.language === '' || /^en(?![a-z])|english/i.test(home.language);
  const season = takenOn !== undefined && isEnglish ? seasonOf(takenOn, home.timeZone) : undefined;
  if (season === undefined) return place;
  return place === undefined ? season : `${season} in ${place}`;
}

/** The season by whole months, as meteorologists count them: the northern winter is December to February. */
function seasonOf(day: string, timeZone: string): string | undefined {
  const month = Number(day.slice(5, 7));
  return (south.test(timeZone) ? southern : northern)[Math.floor((month % 12) / 3)];
}
