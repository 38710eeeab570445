"""lestockage: incremental computation with durable memos, and a code-intelligence store built on it."""
