/**
 * Properties that moto tells without having been told, by Terraform's names: fixed texts in its code. Anything else that appears from nowhere
 * is not hidden. Seen in moto 5.2.1 (2026-11-21): autoscaling/models.py, LifecycleHook.
 */
const invented: Readonly<Record<string, readonly string[]>> = {
  aws_autoscaling_lifecycle_hook: ["notification_target_arn", "role_arn"],
};

export function isInventedByMoto(terraformType: string, name: string): boolean {
  return invented[terraformType]?.includes(name) === true;
}
