// The only file that an older Node can read, so that it can say in one sentence what is missing.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const entries = {
  demo: './demo.ts',
  'connect-dropbox': './connect-dropbox.ts',
  health: './health.ts',
  doctor: './doctor.ts',
};

if (major > 24 || (major === 24 && minor >= 15)) {
  const entry = entries[process.argv[2]];
  if (entry === undefined) (await import('./begin-again.ts')).beginAgain();
  await import(entry ?? './main.ts');
} else {
  process.stderr.write(
    `Darkroom needs Node 24.15 or newer, and this is Node ${process.versions.node}. Run "npm ci" and then "npm start", which on Linux brings its own, or install Node 24 from nodejs.org.\n`,
  );
  process.exitCode = 1;
}
