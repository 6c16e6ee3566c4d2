import { openDisk } from '#simulator/disk.ts';

/** A self-signed certificate for localhost and 127.0.0.1, both parts as PEM. */
export interface Certificate {
  readonly certificate: string;
  readonly key: string;
}

/** The certificate of this machine's simulator, made once and kept in the folder, perhaps one that has run out. */
export async function loadCertificate(folder: string, isExpired = false): Promise<Certificate> {
  const disk = openDisk<Certificate>(folder, 'smtp-certificate');
  const kept = disk.read();
  if (kept !== undefined) return kept;
  const { generate } = await import('selfsigned'); // loading it takes a second, so only when needed
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ...(isExpired && { notBeforeDate: new Date('2019-01-01T00:00:00Z') }),
    notAfterDate: new Date(isExpired ? '2020-01-01T00:00:00Z' : '2099-01-01T00:00:00Z'),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: 'localhost' },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  });
  const certificate = { certificate: made.cert, key: made.private };
  disk.write(certificate);
  return certificate;
}
