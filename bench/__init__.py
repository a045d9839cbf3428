"""Speed, always as a ratio against something run beside it: machines are noisy, ratios are not."""
