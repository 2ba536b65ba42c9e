import { createRequire } from "node:module";
import type * as grpc from "@grpc/grpc-js";
import type { ConfigureAnalyzerRequest } from "@pulumi/pulumi/proto/analyzer_pb";

type Configure = grpc.handleUnaryCall<ConfigureAnalyzerRequest, unknown>;
type Properties = Readonly<Record<string, unknown>>;

/**
 * Looks at the whole configuration of a run before the engine shows the first resource. A policy of the SDK sees only what is meant
 * for itself, and only once it is asked about a resource: a misspelt rule would be taken for no rule, and a misspelt setting be
 * noticed only where a resource of the right type is there. The one place where all of it arrives is the call `configure` of the
 * service that the SDK hands to its gRPC server; a test with the real command line holds the SDK to that.
 */
export function refuseConfiguration(
  problem: (config: Readonly<Record<string, Properties>>) => string | undefined,
): void {
  const sdk = createRequire(require.resolve("@pulumi/policy"));
  const { Server, status } = sdk("@grpc/grpc-js") as typeof grpc;
  const prototype = Server.prototype;
  // oxlint-disable-next-line typescript/unbound-method -- called with its own `this` below
  const addService = prototype.addService;
  prototype.addService = function (this: grpc.Server, service, implementation) {
    const configure = implementation.configure as Configure | undefined;
    if (configure === undefined) {
      addService.call(this, service, implementation);
      return;
    }
    const checked: Configure = (call, callback) => {
      const config: Record<string, Properties> = {};
      for (const [name, policy] of call.request.getPolicyconfigMap().entries())
        config[name] = policy.getProperties()?.toJavaScript() ?? {};
      const found = problem(config);
      if (found === undefined) configure(call, callback);
      else callback({ code: status.INVALID_ARGUMENT, details: found });
    };
    addService.call(this, service, { ...implementation, configure: checked });
  };
}
