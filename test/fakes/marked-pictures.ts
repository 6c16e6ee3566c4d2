import { crc32 } from 'node:zlib';
import { packet, plain, withTraces } from './camera-pictures.ts';
import { heic } from './heic-pictures.ts';

/** What stands in each of these pictures and may go nowhere; `CANARY-Artist` alone may be published. */
export const forbidden = /CANARY-(?!Artist|Copyright)[\w-]+|geo:lat|52\.520|52,31\.2/;

const exif = {
  IFD0: { Artist: 'CANARY-Artist', Make: 'CANARY-Make', Software: 'CANARY-Software' },
  IFD2: {
    BodySerialNumber: 'CANARY-Serial',
    CameraOwnerName: 'CANARY-Owner',
    UserComment: 'CANARY-Comment',
    MakerNote: 'CANARY-MakerNote',
  },
  IFD3: {
    GPSLatitudeRef: 'N',
    GPSLatitude: '52/1 31/1 12/1',
    GPSLongitudeRef: 'E',
    GPSLongitude: '13/1 24/1 36/1',
  },
};
const xmp = [
  '<dc:title>A quiet evening</dc:title>',
  '<dc:subject><rdf:Bag><rdf:li>fog</rdf:li><rdf:li>geo:lat=52.5200</rdf:li></rdf:Bag></dc:subject>',
  '<dc:rights><rdf:Alt><rdf:li xml:lang="x-default">Mara, CANARY-Street 7, 12345 Town</rdf:li></rdf:Alt></dc:rights>',
  '<exif:GPSLatitude>52,31.2N</exif:GPSLatitude><aux:SerialNumber>CANARY-Serial</aux:SerialNumber>',
  '<r:Name xmlns:r="http://www.metadataworkinggroup.com/schemas/regions/">CANARY-Face</r:Name>',
  '<m:History xmlns:m="http://ns.adobe.com/xap/1.0/mm/">CANARY-History</m:History>',
].join('');

const image = plain([200, 120, 60], 900, 600);
const traced = () => image.clone().withExif(exif).withXmp(packet(xmp));

/** One photo in each format, with all that a camera, a program and its owner may have left in it. */
export const markedPictures = {
  jpg: async () =>
    withFilm(
      await withTraces(image.clone(), { exif, xmp, iptc: { 92: ['CANARY-Street'], 26: ['CANARY-Place'] } }),
    ),
  png: async () => withTexts(await traced().png().toBuffer()),
  webp: () => traced().webp().toBuffer(),
  avif: async () => withFilm(await traced().avif({ effort: 0 }).toBuffer()),
  tif: () => traced().tiff().toBuffer(),
  heic: async () => withFilm(heic('telephone')),
  gif: async () => withRemark(await image.clone().gif().toBuffer()),
} as const satisfies Record<string, () => Promise<Buffer>>;

/** The film that telephones put after their pictures ("Motion Photo"), in a box as HEIF asks for. */
function withFilm(picture: Buffer): Buffer {
  const film = Buffer.from('\0\0\0\0mpvdCANARY-Film');
  film.writeUInt32BE(film.length);
  return Buffer.concat([picture, film]);
}

/** The chunks of text that programs write into a PNG (PNG Specification, third edition, 11.3.3). */
function withTexts(png: Buffer): Buffer {
  const texts = [chunk('tEXt', 'Author\0CANARY-Author'), chunk('iTXt', 'Comment\0\0\0\0\0CANARY-Text')];
  return Buffer.concat([png.subarray(0, 33), ...texts, png.subarray(33)]);
}

function chunk(type: string, text: string): Buffer {
  const named = Buffer.from(type + text);
  const bytes = Buffer.alloc(named.length + 8);
  bytes.writeUInt32BE(text.length);
  named.copy(bytes, 4);
  bytes.writeUInt32BE(crc32(named), named.length + 4);
  return bytes;
}

/** A comment before the last byte (GIF89a, 24). */
function withRemark(gif: Buffer): Buffer {
  const remark = 'CANARY-Remark';
  const block = Buffer.from(`!\xfe${String.fromCharCode(remark.length)}${remark}\0;`, 'latin1');
  return Buffer.concat([gif.subarray(0, -1), block]);
}
