/**
 * Actions that AWS can only grant on every resource, so that `Resource: *` says nothing about them. From the service authorization
 * reference, 2026-08; patterns in lower case.
 */
export const resourcelessActions: readonly RegExp[] = [
  /^[a-z0-9-]+:(describe|list|get)[a-z]*\*?$/,
  /^ecr:getauthorizationtoken$/,
  /^ec2messages:/,
  /^ssmmessages:/,
  /^ssm:(updateinstanceinformation|putinventory|putcomplianceitems|putconfigurepackageresult|updateinstanceassociationstatus)$/,
  /^cloudwatch:putmetricdata$/,
  /^xray:put(tracesegments|telemetryrecords)$/,
  /^sts:getcalleridentity$/,
  /^kms:(generaterandom|createkey)$/,
  /^ec2:(createtags|createlaunchtemplate)$/,
  /^servicediscovery:(discoverinstances|getoperation|listservices|createprivatednsnamespace)$/,
  /^route53:(createhealthcheck|updatehealthcheck|gethealthcheckstatus)$/,
];

/** Actions with which a principal can make itself or another more powerful, when they are granted on every resource. */
export const escalating: readonly RegExp[] = [
  /^iam:(passrole|createpolicyversion|setdefaultpolicyversion|attach(role|user|group)policy|put(role|user|group)policy|createaccesskey|createloginprofile|updateloginprofile|addusertogroup|updateassumerolepolicy)$/,
  /^sts:assumerole$/,
  /^lambda:(updatefunctioncode|createfunction)$/,
  /^ssm:(sendcommand|startsession)$/,
];

/** Whether an action with wildcards covers a whole service: `s3:*`. */
export function isServiceWide(action: string): boolean {
  return /^[a-z0-9-]+:\*$/i.test(action);
}
