/** What is to be found in a program: `rule level resource property`; `?` instead of a level for what only a deployment decides. */
export interface Expected {
  readonly exposure: "none" | "exposed";
  /** Names of the resources that outsiders reach. */
  readonly exposed: readonly string[];
  readonly findings: readonly string[];
}

const clean: Expected = { exposure: "none", exposed: [], findings: [] };

/** The foreign programs and their clean twins. Each line was judged by a person against the program; the tool's word is not enough. */
export const expected: Readonly<Record<string, Expected>> = {
  "open-security-group": {
    exposure: "exposed",
    exposed: ["llm"],
    findings: [
      "LLM-AUTH-001 mandatory llm-sg ingress[1].cidrBlocks[0]",
      "LLM-AUTH-008 mandatory llm metadataOptions.httpTokens",
      "LLM-DATA-003 mandatory llm-vpc",
      "LLM-DATA-015 advisory llm userData",
      "LLM-ENC-001 mandatory llm rootBlockDevice",
      "LLM-ENG-002 mandatory llm userData",
      "LLM-ENG-003 advisory llm userData",
      "LLM-ENG-007 advisory llm userData",
      "LLM-ENG-007 advisory llm userData",
      "LLM-ENG-008 ? llm userData",
      "LLM-ENG-009 ? llm userData",
      "LLM-ENG-012 advisory llm userData",
      "LLM-NET-001 mandatory llm-sg ingress[0].cidrBlocks[0]",
      "LLM-NET-001 mandatory llm-sg ingress[1].cidrBlocks[0]",
      "LLM-NET-002 mandatory llm-sg ingress",
      "LLM-NET-004 mandatory llm-vpc",
      "LLM-NET-007 mandatory llm-subnet mapPublicIpOnLaunch",
      "LLM-NET-008 mandatory llm-subnet routeTable",
      "LLM-NET-023 advisory llm-sg egress[0].cidrBlocks",
      "LLM-NET-024 mandatory llm",
      "LLM-TLS-010 mandatory llm userData",
    ],
  },
  "split-rules": {
    exposure: "exposed",
    exposed: ["engines", "tools"],
    findings: [
      "LLM-DATA-003 mandatory main",
      "LLM-NET-001 mandatory tools-v6 cidrIpv6",
      // The two halves of the internet: neither is the whole of it.
      "LLM-NET-002 mandatory engines ingress",
      "LLM-NET-002 mandatory tools ingress",
      "LLM-NET-003 advisory engines ingress",
      "LLM-NET-004 mandatory main",
      "LLM-NET-024 mandatory engines",
      "LLM-NET-024 mandatory tools",
    ],
  },
  "public-load-balancer": {
    exposure: "exposed",
    exposed: ["llm-alb"],
    findings: [
      "LLM-DATA-005 advisory llm-alb accessLogs.enabled",
      "LLM-NET-001 mandatory alb-sg ingress[0].cidrBlocks[0]",
      "LLM-NET-002 mandatory alb-sg ingress",
      "LLM-NET-009 mandatory llm-alb internal",
      "LLM-NET-010 advisory llm-alb",
      "LLM-NET-024 mandatory llm-alb",
      "LLM-TLS-001 mandatory llm-listener protocol",
      "LLM-TLS-004 advisory engines protocol",
    ],
  },
  "published-container": {
    exposure: "exposed",
    exposed: ["vllm"],
    findings: [
      "LLM-AUTH-001 mandatory vllm ports[0]",
      "LLM-DATA-015 advisory vllm",
      "LLM-ENG-002 mandatory vllm command[1]",
      "LLM-ENG-003 advisory vllm command[1]",
      "LLM-ENG-007 advisory vllm",
      "LLM-ENG-007 advisory vllm",
      // The tag "latest" names no version.
      "LLM-ENG-008 ? vllm image",
      "LLM-ENG-009 ? vllm image",
      "LLM-ENG-012 advisory vllm",
      "LLM-NET-020 mandatory vllm ports[0].ip",
      "LLM-NET-024 mandatory vllm",
      "LLM-TLS-010 mandatory vllm",
      // The container runs the id that a pull gives; the pull names the image.
      "LLM-WRK-008 mandatory vllm image",
    ],
  },
  "kubernetes-deployment": {
    exposure: "exposed",
    exposed: ["vllm"],
    findings: [
      "LLM-AUTH-001 mandatory vllm spec.type",
      "LLM-DATA-015 advisory vllm spec.template.spec.containers[0]",
      "LLM-ENG-002 mandatory vllm spec.template.spec.containers[0].args[1]",
      "LLM-ENG-003 advisory vllm spec.template.spec.containers[0].args[1]",
      "LLM-ENG-007 advisory vllm spec.template.spec.containers[0]",
      "LLM-ENG-007 advisory vllm spec.template.spec.containers[0]",
      "LLM-ENG-008 ? vllm spec.template.spec.containers[0].image",
      "LLM-ENG-009 ? vllm spec.template.spec.containers[0].image",
      "LLM-ENG-012 advisory vllm spec.template.spec.containers[0]",
      "LLM-NET-017 mandatory vllm spec.type",
      "LLM-NET-022 mandatory vllm",
      "LLM-NET-024 mandatory vllm",
      "LLM-SEC-002 mandatory vllm spec.template.spec.containers[0].args[2]",
      "LLM-WRK-002 mandatory vllm spec.template.spec.containers[0].securityContext.runAsNonRoot",
      "LLM-WRK-003 mandatory vllm spec.template.spec.containers[0].securityContext.allowPrivilegeEscalation",
      "LLM-WRK-004 mandatory vllm spec.template.spec.containers[0].securityContext.capabilities.drop",
      "LLM-WRK-007 mandatory vllm spec.template.spec.containers[0].securityContext.seccompProfile.type",
      "LLM-WRK-008 mandatory vllm spec.template.spec.containers[0].image",
      "LLM-WRK-009 mandatory vllm spec.template.spec.containers[0].resources",
      "LLM-WRK-011 mandatory vllm spec.template.spec.containers[0].livenessProbe",
      "LLM-WRK-011 mandatory vllm spec.template.spec.containers[0].readinessProbe",
      "LLM-WRK-011 mandatory vllm spec.template.spec.containers[0].startupProbe",
    ],
  },
  "open-security-group-clean": clean,
  "split-rules-clean": clean,
  "public-load-balancer-clean": clean,
  "published-container-clean": clean,
  "kubernetes-deployment-clean": clean,
};
