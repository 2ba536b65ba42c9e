// What our tests use of vitest, in the process of the mutation tester: `describe`, `it`, `it.each` and hooks collect tests into a list that
// the runner calls by itself; `expect` is vitest's own. A snapshot of our own output is no oracle, so it accepts everything here.
import { format } from "node:util";
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  customMatchers,
  getState,
  setState,
} from "@vitest/expect";
import * as chai from "chai";

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
chai.use((_, { addMethod }) => {
  for (const name of ["toMatchFileSnapshot", "toMatchInlineSnapshot", "toMatchSnapshot"])
    addMethod(chai.Assertion.prototype, name, () => undefined);
});

export const expect = (value, message) => chai.expect(value, message);
Object.assign(expect, chai.expect);
Object.assign(expect, globalThis[ASYMMETRIC_MATCHERS_OBJECT]);
globalThis[GLOBAL_EXPECT] ??= expect;
setState({ assertionCalls: 0, isExpectingAssertions: false }, expect);
expect.getState = () => getState(expect);
chai.expect.extend(expect, customMatchers);

/** Tests in the order of the files: id, file, name, hooks, function. */
export let tests = [];
let suite;

export function startCollecting() {
  tests = [];
}

export function startFile(file) {
  suite = { file, names: [], beforeEach: [], afterEach: [], beforeAll: [], afterAll: [] };
}

export function describe(name, body) {
  const outer = suite;
  suite = { ...outer, names: [...outer.names, name], beforeAll: [...outer.beforeAll], afterAll: [...outer.afterAll] };
  suite.beforeEach = [...outer.beforeEach];
  suite.afterEach = [...outer.afterEach];
  body();
  suite = outer;
}

export function it(name, body) {
  const path = [...suite.names, name];
  let id = `${suite.file}#${path.join(" > ")}`;
  // Cases of one table may share a title.
  for (let n = 2; tests.some((one) => one.id === id); n++) id = `${suite.file}#${path.join(" > ")} (${n})`;
  const { beforeAll: before, afterAll: after, beforeEach: each, afterEach: last } = suite;
  tests.push({
    id,
    name: path.join(" > "),
    file: suite.file,
    run: async () => {
      for (const hook of [...before, ...each]) await hook();
      try {
        await body({ expect });
      } finally {
        for (const hook of [...last, ...after]) await hook();
      }
    },
  });
}

/** `%s` and the like take the columns in turn, `$name` a field of the row. */
const title = (name, row) => {
  const first = row[0];
  const filled = name.replaceAll(/\$([\w.]+)/g, (text, path) => {
    const value = path.split(".").reduce((at, key) => at?.[key], first);
    return value === undefined ? text : String(value);
  });
  const places = (filled.match(/%[sdifjoO]/g) ?? []).length;
  return format(filled, ...row.slice(0, places));
};

it.each = (table) => (name, body) => {
  for (const [index, one] of table.entries()) {
    const row = Array.isArray(one) ? one : [one];
    it(title(name.replaceAll("%#", String(index)), row), () => body(...row));
  }
};

export const test = it;
export const beforeEach = (hook) => suite.beforeEach.push(hook);
export const afterEach = (hook) => suite.afterEach.push(hook);
export const beforeAll = (hook) => suite.beforeAll.push(hook);
export const afterAll = (hook) => suite.afterAll.push(hook);
