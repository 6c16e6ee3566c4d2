import { describe, expect, it } from 'vitest';
import { creditLine, titleLine, withoutPositions } from '#post/private-words.ts';

const positions = [
  '52.5200, 13.4050',
  '52,5200; 13,4050',
  '-33.857 151.215',
  'Lat 52.5200',
  '52°31′12″ N',
  '52° 31.2 N',
  '52.5° N',
  '52 31 12 N 13 24 36 E',
  '52,31.2N 13,24.6E',
  'N 52 31.2 E 13 24.3',
  '9F4MGC2M+H4',
  'GC2M+H4 Berlin',
  '///filled.count.soap',
  'geo:lat=52.5',
  'https://maps.google.com/?q=home',
  'https://maps.app.goo.gl/abc',
  'https://www.google.com/maps/place/home',
];

const harmless = [
  'The way home',
  'At 1,345 m, above the fog',
  'Von 1.345 m bis 1.500 m',
  '20° in the shade',
  'Route 66, 50 mm at f/1.8',
  'No place that is on the map. None.',
  'N and S, E and W',
  '12.04.2026, 18:30',
  'Hamburg 04.2026',
];

describe('a position', () => {
  it.each(positions)('is left out with its line: %s', (text) => {
    expect(withoutPositions(`Fog\n${text}\nat dawn`)).toBe('Fog\nat dawn');
    expect(withoutPositions(text)).toBe('');
    expect(titleLine(`Fog ${text}`)).toBeUndefined();
    expect(creditLine(text)).toBeUndefined();
  });

  it.each(harmless)('is not seen in what is none: %s', (text) => {
    expect(withoutPositions(`${text}\n\n${text}`)).toBe(`${text}\n\n${text}`);
    expect(titleLine(text)).toBe(text);
  });
});

describe('a credit', () => {
  it.each([
    '© 2026 Zoë Müller',
    '(c) 1998–2026 Mara Lund. All rights reserved.',
    'Mara Lund, www.mara24.com, mara@lund.example',
    'CC BY-SA 4.0 Mara Lund 2026',
    '500px.com/mara',
    'Studio B',
  ])('stays as it was written: %s', (text) => {
    expect(creditLine(text)).toBe(text);
  });

  it.each([
    'Mara Lund, Home Street 1',
    'Mara Lund, 12b Home Street',
    '© 2026 Mara Lund, Home Street, 12345 Town',
    'Mara Lund +49 170 1234567',
    'Mara Lund (0170/1234567)',
    'Mara Lund, ホーム１２番地 １２',
    '52.52, 13.40',
  ])('is none with an address or a telephone number: %s', (text) => {
    expect(creditLine(text)).toBeUndefined();
  });

  it('is the first line alone, and none where that is a whole text', () => {
    expect(creditLine('Mara\nHome Street')).toBe('Mara');
    expect(creditLine('word '.repeat(60))).toBeUndefined();
    expect(creditLine(' \n ')).toBeUndefined();
  });
});
