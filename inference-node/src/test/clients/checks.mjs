// What a script checks of a client, one by one. The last line it prints is a JSON list of {check, ok, error}.
const LIMIT_MS = 120_000;
const results = [];
const sections = [];

/** Registers a section of checks, which runs only where it is asked for. */
export function section(name, body) {
  sections.push({ name, body });
}

/** Runs one check; what it throws is its result, and the next check runs all the same. */
export async function check(name, body) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not over after ${LIMIT_MS} ms`)), LIMIT_MS);
  });
  try {
    await Promise.race([body(), late]);
    results.push({ check: name, ok: true });
  } catch (e) {
    results.push({ check: name, ok: false, error: `${e?.stack ?? e}${e?.cause ? `\ncaused by ${e.cause}` : ''}`.slice(0, 4000) });
  } finally {
    clearTimeout(timer);
  }
}

/** Runs the sections that are named, in the order in which they were registered, and ends the process. */
export async function run(wanted) {
  for (const name of wanted) {
    if (!sections.some((each) => each.name === name)) throw new Error(`there is no section ${name}`);
  }
  for (const { name, body } of sections) {
    if (wanted.includes(name)) await body((title, test) => check(`${name}: ${title}`, test));
  }
  console.log(JSON.stringify(results));
  process.exit(0);
}

/** What `promise` is rejected with; an error if it is not. */
export async function thrown(promise) {
  try {
    await promise;
  } catch (e) {
    return e;
  }
  throw new Error('expected a failure, and there was none');
}

/** Waits until the node at `root` has no request of `model` at work. */
export async function idle(root, model) {
  const running = async () => {
    const text = await (await fetch(`${root}/metrics`)).text();
    const line = text.split('\n').find((each) => each.includes('num_requests_running{') && each.includes(`"${model}"`));
    if (!line) throw new Error(`no num_requests_running of ${model} in ${root}/metrics`);
    return Number(line.split(' ').at(-1));
  };
  while ((await running()) !== 0) await new Promise((resolve) => setTimeout(resolve, 50));
}
