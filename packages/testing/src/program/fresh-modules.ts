import { createRequire } from "node:module";
import { dirname, sep } from "node:path";
import { allowTypeScript } from "./typescript";

const installed = `${sep}node_modules${sep}`;

/**
 * Loads a program as if for the first time: what it registers, it registers while its modules run, so each plan needs them to
 * run again. Installed packages are shared between plans; everything else is loaded anew and forgotten afterwards.
 */
export class FreshModules {
  readonly #require: NodeJS.Require;
  readonly #file: string;
  readonly #before: ReadonlySet<string>;
  readonly #setAside = new Map<string, NodeJS.Module>();
  readonly #disallowTypeScript: () => void;

  constructor(file: string) {
    this.#file = file;
    this.#require = createRequire(file);
    const folder = dirname(file) + sep;
    for (const [key, module] of Object.entries(this.#require.cache)) {
      if (module === undefined || !key.startsWith(folder) || key.includes(installed)) continue;
      this.#setAside.set(key, module);
      Reflect.deleteProperty(this.#require.cache, key);
    }
    this.#before = new Set(Object.keys(this.#require.cache));
    this.#disallowTypeScript = allowTypeScript();
  }

  load(): unknown {
    return this.#require(this.#file);
  }

  close(): void {
    this.#disallowTypeScript();
    for (const key of Object.keys(this.#require.cache)) {
      if (!this.#before.has(key) && !key.includes(installed)) Reflect.deleteProperty(this.#require.cache, key);
    }
    for (const [key, module] of this.#setAside) this.#require.cache[key] = module;
  }
}
