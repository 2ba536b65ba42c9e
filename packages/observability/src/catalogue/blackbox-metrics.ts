/** blackbox_exporter 0.23.0: what a probe answers, scraped from the Debian 12 package on 2026-11-21. */
export const blackboxMetrics = `
gauge probe_dns_lookup_time_seconds
gauge probe_duration_seconds
gauge probe_failed_due_to_regex
gauge probe_http_content_length
gauge probe_http_duration_seconds phase
gauge probe_http_redirects
gauge probe_http_ssl
gauge probe_http_status_code
gauge probe_http_uncompressed_body_length
gauge probe_http_version
gauge probe_ip_addr_hash
gauge probe_ip_protocol
gauge probe_ssl_earliest_cert_expiry
gauge probe_ssl_last_chain_expiry_timestamp_seconds
gauge probe_ssl_last_chain_info fingerprint_sha256,issuer,subject,subjectalternative
gauge probe_success
gauge probe_tls_version_info version
`;
