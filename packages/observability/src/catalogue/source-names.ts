/**
 * Names that articles and templates use for measurements of language models, and the series that holds what they mean here. No
 * engine, gateway or exporter emits them, so dashboards that ask for them stay empty; this is the way
 * to carry such a dashboard over.
 */
export const sourceNames: Readonly<Record<string, string>> = {
  slm_inference_requests_total: "model:llm_requests:rate5m",
  llm_requests_total: "model:llm_requests:rate5m",
  slm_inference_latency_seconds: "model:llm_e2e_seconds:p95_5m",
  llm_request_latency_seconds: "model:llm_e2e_seconds:p95_5m",
  llm_request_duration_seconds: "model:llm_e2e_seconds:p95_5m",
  slm_tokens_per_second: "model:llm_generation_tokens:rate5m",
  llm_tokens_generated_total: "model:llm_generation_tokens:rate5m",
  llm_active_requests: "model:llm_requests_running:sum",
  slm_gpu_memory_bytes: "uuid:gpu_memory_used:ratio",
  gpu_memory_total_bytes: "uuid:gpu_memory_used:ratio",
  llm_gpu_memory_bytes: "uuid:gpu_memory_used:ratio",
  llm_gpu_memory_used: "uuid:gpu_memory_used:ratio",
  llm_gpu_memory_total: "uuid:gpu_memory_used:ratio",
  llm_memory_used_bytes: "node:host_memory_used:ratio",
  llm_gpu_utilization_percent: "fleet:gpu_active:avg",
  "vllm:gpu_cache_usage_perc": "engine:llm_kv_cache_usage:max",
  "vllm:time_per_output_token_seconds": "model:llm_tpot_seconds:p95_5m",
  "vllm:num_requests_running": "model:llm_requests_running:sum",
  "vllm:num_requests_waiting": "model:llm_requests_waiting:sum",
  "vllm:time_to_first_token_seconds": "model:llm_ttft_seconds:p95_5m",
  "vllm:e2e_request_latency_seconds": "model:llm_e2e_seconds:p95_5m",
};
