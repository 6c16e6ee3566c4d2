import type { Sharp } from 'sharp';
import type { Credit } from './exifr.ts';

/**
 * The picture with its credit where programs look for it (IPTC Photo Metadata Standard 2023.1, Creator, Copyright
 * Notice and Title): in XMP, and artist and copyright also in EXIF, which is plain ASCII and has no title.
 */
export function withCredit(image: Sharp, credit: Credit = {}): Sharp {
  const { artist, copyright } = credit;
  const exif = {
    ...(isLatin(artist) && { Artist: guarded(artist) }),
    ...(isLatin(copyright) && { Copyright: guarded(copyright) }),
  };
  const named = Object.keys(exif).length === 0 ? image : image.withExif({ IFD0: exif });
  return Object.keys(credit).length === 0 ? named : named.withXmp(packet(credit));
}

/** libvips writes é as e, but what it knows no letter for as a question mark. */
function isLatin(text: string | undefined): text is string {
  return text !== undefined && /^[\p{Script=Latin}\p{ASCII}©®™–—‘’“” ]+$/u.test(text);
}

/** libvips takes a last part in brackets for a remark of its own and cuts it off. */
function guarded(text: string): string {
  return `${text} ()`;
}

function packet({ title, artist, copyright }: Credit): string {
  const inside = [
    title && `<dc:title><rdf:Alt>${item(title, ' xml:lang="x-default"')}</rdf:Alt></dc:title>`,
    artist && `<dc:creator><rdf:Seq>${item(artist)}</rdf:Seq></dc:creator>`,
    copyright && `<dc:rights><rdf:Alt>${item(copyright, ' xml:lang="x-default"')}</rdf:Alt></dc:rights>`,
  ];
  return [
    '<?xpacket begin="\uFEFF" id="W5M0MpCehiHzreSzNTczkc9d"?>',
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">',
    '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">',
    ...inside.filter((part) => part !== undefined),
    '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="r"?>',
  ].join('');
}

function item(text: string, language = ''): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<rdf:li${language}>${escaped}</rdf:li>`;
}
