import { HoldfastComponent, parseArgs } from "@holdfast/core";
import * as secretsmanager from "@pulumi/aws/secretsmanager";
import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { ExporterCredentials } from "./hosts/host-exporters";
import { exporterName } from "./hosts/places";

/** The secrets that monitoring rests on, as ARNs of Secrets Manager secrets. Their values never pass through a program. */
export interface MonitoringSecretArns extends ExporterCredentials {
  /** The CA that signed both certificates, PEM. */
  readonly caSecretArn: pulumi.Input<string>;
  /** Certificate chain and key of the monitoring host (PEM, one text), for `localhost` and the names people use. */
  readonly certificateSecretArn: pulumi.Input<string>;
  /** The scraper's password: letters and digits, at least 24. Grafana would read a dollar sign as a variable. */
  readonly scrapePasswordSecretArn: pulumi.Input<string>;
  /** First password of Grafana's administrator. */
  readonly grafanaPasswordSecretArn: pulumi.Input<string>;
}

export interface MonitoringCredentialsArgs {
  /** ARN of the key that encrypts them, for example `config.keyArn`. */
  readonly keyArn: pulumi.Input<string>;
  /** Whether the secrets are protected from deletion. @default true */
  readonly protect?: boolean;
  /** Put on every resource. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

const schema = z.strictObject({
  protect: z.boolean().default(true),
  tags: z.record(z.string(), z.string()).default({}),
});

/**
 * Empty secrets for everything that monitoring needs, for you to fill once. Hosts that need one wait until it has a value.
 *
 * ```ts
 * const credentials = new MonitoringCredentials("monitoring", { keyArn: config.keyArn });
 * ```
 */
export class MonitoringCredentials extends HoldfastComponent implements MonitoringSecretArns {
  readonly caSecretArn: pulumi.Output<string>;
  readonly certificateSecretArn: pulumi.Output<string>;
  readonly exporterCertificateSecretArn: pulumi.Output<string>;
  readonly scrapePasswordSecretArn: pulumi.Output<string>;
  readonly scrapePasswordHashSecretArn: pulumi.Output<string>;
  readonly grafanaPasswordSecretArn: pulumi.Output<string>;
  readonly keyArn: pulumi.Output<string>;

  constructor(name: string, args: MonitoringCredentialsArgs, opts?: pulumi.ComponentResourceOptions) {
    const { protect, tags } = parseArgs("MonitoringCredentials", schema, args);
    super("observability:index:MonitoringCredentials", name, {}, opts);
    const secret = (role: string, description: string): pulumi.Output<string> =>
      new secretsmanager.Secret(
        this.childName(role),
        { description, kmsKeyId: args.keyArn, recoveryWindowInDays: 30, tags: { ...tags, Name: this.childName(role) } },
        this.stateful(protect),
      ).arn;
    this.keyArn = pulumi.output(args.keyArn);
    this.caSecretArn = secret("ca", "CA that signed the monitoring's certificates (PEM)");
    this.certificateSecretArn = secret(
      "certificate",
      "Certificate chain and key of the monitoring host (PEM, one text), for localhost",
    );
    this.exporterCertificateSecretArn = secret(
      "exporter-certificate",
      `Certificate chain and key of the exporters (PEM, one text), for ${exporterName}`,
    );
    this.scrapePasswordSecretArn = secret(
      "scrape-password",
      "Password of the scraper: letters and digits, at least 24",
    );
    this.scrapePasswordHashSecretArn = secret("scrape-password-hash", "bcrypt hash of the scraper's password");
    this.grafanaPasswordSecretArn = secret("grafana-password", "First password of Grafana's administrator");
    this.registerOutputs({
      caSecretArn: this.caSecretArn,
      certificateSecretArn: this.certificateSecretArn,
      exporterCertificateSecretArn: this.exporterCertificateSecretArn,
      scrapePasswordSecretArn: this.scrapePasswordSecretArn,
      scrapePasswordHashSecretArn: this.scrapePasswordHashSecretArn,
      grafanaPasswordSecretArn: this.grafanaPasswordSecretArn,
    });
  }
}
