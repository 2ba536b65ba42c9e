/**
 * Which vLLM versions know which metrics, read from the metric definitions inside the wheels of the seven versions below
 * (`vllm/v1/metrics`) on 2026-11-21. A metric that is not listed here is in all of them, and so are the bucket bounds.
 */
export const vllmVersionsRead = ["0.11.2", "0.14.1", "0.20.2", "0.24.0", "0.28.0", "0.32.0", "0.33.0"] as const;

/** First of the versions read that has the metric. */
export const vllmSince: Readonly<Record<string, string>> = {
  "vllm:estimated_flops_per_gpu_total": "0.20.2",
  "vllm:estimated_read_bytes_per_gpu_total": "0.20.2",
  "vllm:estimated_write_bytes_per_gpu_total": "0.20.2",
  "vllm:num_requests_waiting_by_reason": "0.20.2",
  "vllm:prompt_tokens_by_source_total": "0.20.2",
  "vllm:prompt_tokens_cached_total": "0.20.2",
  "vllm:request_prefill_kv_computed_tokens": "0.14.1",
  "vllm:admission_rejections_total": "0.32.0",
  "vllm:prompt_tokens_cached_by_source_total": "0.32.0",
  "vllm:request_num_preemptions": "0.32.0",
};

/** Bucket bounds in seconds, the same in all versions read. 0.33.0 lets the owner of an engine change them; Holdfast does not. */
export const vllmBuckets = {
  timeToFirstToken: [
    0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80, 160, 640, 2560,
  ],
  interToken: [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 20, 40, 80],
  requestLatency: [0.3, 0.5, 0.8, 1, 1.5, 2, 2.5, 5, 10, 15, 20, 30, 40, 50, 60, 120, 240, 480, 960, 1920, 7680],
} as const;
