/** llama.cpp server 0.5.0-dev (commit 0c1e570), as scraped on 2026-11-21. */
export const llamacppMetrics = `
counter llamacpp:prompt_tokens_total
counter llamacpp:prompt_tokens_cached_total
counter llamacpp:prompt_seconds_total
counter llamacpp:tokens_predicted_total
counter llamacpp:tokens_predicted_seconds_total
counter llamacpp:n_decode_total
counter llamacpp:n_tokens_max
counter llamacpp:spec_decode_num_draft_tokens_total
counter llamacpp:spec_decode_num_accepted_tokens_total
counter llamacpp:spec_decode_num_drafts_total
gauge llamacpp:prompt_tokens_seconds
gauge llamacpp:predicted_tokens_seconds
gauge llamacpp:requests_processing
gauge llamacpp:requests_deferred
gauge llamacpp:n_busy_slots_per_decode
`;
