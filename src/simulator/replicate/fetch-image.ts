/** The bytes behind a data URL or a link on loopback; a string says why there are none. */
export async function fetchImage(image: string): Promise<Buffer | string> {
  const data = /^data:[^,]*?(;base64)?,/.exec(image);
  if (data !== null) {
    const rest = image.slice(data[0].length);
    return data[1] === undefined ? Buffer.from(decodeURIComponent(rest)) : Buffer.from(rest, 'base64');
  }
  const { hostname } = new URL(image);
  if (hostname !== '127.0.0.1' && hostname !== 'localhost' && hostname !== '[::1]') {
    return `The simulator fetches images only from this machine, not from ${hostname}.`;
  }
  const response = await fetch(image).catch(() => undefined);
  if (response?.ok !== true) return `Failed to download the image: status ${response?.status ?? 'unknown'}`;
  return Buffer.from(await response.arrayBuffer());
}
