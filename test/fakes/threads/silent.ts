// A thread that never answers.
setInterval(() => undefined, 60_000);
