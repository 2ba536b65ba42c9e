/** Provider packages for which there is a stand-in, and the compiled file that serves it. */
export const standIns: Readonly<Record<string, string>> = {
  aws: "aws/aws-provider.js",
  docker: "docker/docker-provider.js",
  kubernetes: "kubernetes/kubernetes-provider.js",
};
