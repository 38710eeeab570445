"""Engine: inputs, queries and memos; pure, without files, clock or database."""
