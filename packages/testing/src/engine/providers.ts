import { makeUrn, unknownValue } from "@holdfast/policies";
import type { RegisterPackageRequest } from "@pulumi/pulumi/proto/resource_pb";
import { packageOf, type Registration } from "./registration";

/** Which provider manages a resource. Providers that nobody asked for are the defaults: one per package and version. */
export class ProviderBook {
  readonly #stack: string;
  readonly #project: string;
  readonly #packages: { readonly version: string }[] = [];
  readonly #defaults = new Map<string, { readonly package: string; readonly version?: string }>();

  constructor(stack: string, project: string) {
    this.#stack = stack;
    this.#project = project;
  }

  /** The default providers that were used, in the order of first use. */
  get defaults(): { readonly package: string; readonly version?: string }[] {
    return [...this.#defaults.values()];
  }

  /** Notes a parameterised package and returns the reference by which resources name it. */
  registerPackage(request: RegisterPackageRequest): string {
    const version =
      request.getParameterization()?.getVersion() ?? request.getExtension$()?.getVersion() ?? request.getVersion();
    this.#packages.push({ version });
    return `package-${this.#packages.length - 1}`;
  }

  /** The reference of the provider for a resource: its own, its parents', or the default of its package. */
  resolve(registration: Registration): string {
    if (registration.options.provider !== "") return registration.options.provider;
    return this.default(registration.type, registration.options.version, registration.packageRef);
  }

  default(type: string, version: string, packageRef: string): string {
    const name = packageOf(type);
    const wanted =
      packageRef === "" ? version : (this.#packages[Number(packageRef.replace("package-", ""))]?.version ?? version);
    this.#defaults.set(`${name} ${wanted}`, { package: name, ...(wanted === "" ? {} : { version: wanted }) });
    const suffix = wanted === "" ? "" : `_${wanted.replace(/[.+-]/g, "_")}`;
    return `${makeUrn(this.#stack, this.#project, undefined, `pulumi:providers:${name}`, `default${suffix}`)}::${unknownValue}`;
  }
}
