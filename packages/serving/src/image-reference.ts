/** A private Amazon ECR repository and an image in it by digest; a tag may stand beside the digest for people to read. */
export const imageForm =
  /^(?<account>\d{12})\.dkr\.ecr\.(?<region>[a-z0-9-]+)\.amazonaws\.com(?<china>\.cn)?\/(?<repository>[a-z0-9][a-z0-9._/-]*)(:(?<tag>[\w][\w.-]{0,127}))?@(?<digest>sha256:[a-f0-9]{64})$/;

/** `registry/name:tag@sha256:...` without the tag: two names for one thing could disagree. */
export function withoutTag(image: string): string {
  return image.replace(/:[\w][\w.-]*@/, "@");
}
