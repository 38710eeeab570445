"""Examples: small programs on lestockage, each run by tests/test_examples.py."""
