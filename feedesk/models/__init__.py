"""Records, rules and storage. Nothing here knows Qt; only `store` knows SQL."""
